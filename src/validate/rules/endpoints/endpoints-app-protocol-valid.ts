import { visitPorts } from '../../checks/endpoints-address.ts';
import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { EndpointsRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateEndpointPort (1.34). */
export const endpointsAppProtocolValid: EndpointsRule = {
  code: 'endpoints-app-protocol-valid',
  severity: 'error',
  explanation: `appProtocol names what runs on the port: an IANA service name such as https, or a name with a DNS prefix
such as kubernetes.io/h2c.`,
  failingExample: `apiVersion: v1
kind: Endpoints
metadata:
  name: web
subsets:
  - addresses:
      - ip: 192.0.2.5
    ports:
      - {port: 80, appProtocol: http 1}
`,
  passingExample: `apiVersion: v1
kind: Endpoints
metadata:
  name: web
subsets:
  - addresses:
      - ip: 192.0.2.5
    ports:
      - {port: 80, appProtocol: http}
`,
  check(endpoints, report) {
    visitPorts(endpoints, ({ appProtocol }, pathOf) => {
      if (appProtocol === null || appProtocol === undefined) return;
      const problem = qualifiedNameProblem(appProtocol);
      if (problem === undefined) return;
      report({ field: pathOf('appProtocol'), message: `appProtocol ${quoteValue(appProtocol)} ${problem}` });
    });
  },
};
