import { visitPorts } from '../../checks/endpoints-address.ts';
import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { EndpointsRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateEndpointPort (1.34). */
export const endpointsAppProtocolValid = {
  code: 'endpoints-app-protocol-valid',
  category: 'api',
  severity: 'error',
  summary: 'an appProtocol of an endpoint port that is no qualified name',
  explanation: `appProtocol names what runs on the port: an IANA service name such as https, or a name with a DNS prefix
such as kubernetes.io/h2c.`,
  check(endpoints, report) {
    visitPorts(endpoints, ({ appProtocol }, pathOf) => {
      if (appProtocol === null || appProtocol === undefined) return;
      const problem = qualifiedNameProblem(appProtocol);
      if (problem === undefined) return;
      report({ field: pathOf('appProtocol'), message: `appProtocol ${quoteValue(appProtocol)} ${problem}` });
    });
  },
} as const satisfies EndpointsRule;
