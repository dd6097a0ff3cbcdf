import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { EndpointSliceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validatePorts (pkg/apis/discovery/validation, 1.34). */
export const sliceAppProtocolValid = {
  code: 'slice-app-protocol-valid',
  category: 'api',
  severity: 'error',
  summary: 'an appProtocol in a slice that is no qualified name',
  skipsPlain: true,
  explanation: `appProtocol names what runs on the port: an IANA service name such as https, or a name with a DNS prefix
such as kubernetes.io/h2c.`,
  check({ ports }, report) {
    ports.forEach((port, index) => {
      const appProtocol = port?.appProtocol;
      if (appProtocol === undefined || appProtocol === null) return;
      const problem = qualifiedNameProblem(appProtocol);
      if (problem === undefined) return;
      report({
        field: ['ports', index, 'appProtocol'],
        message: `appProtocol ${quoteValue(appProtocol)} ${problem}`,
      });
    });
  },
} as const satisfies EndpointSliceRule;
