import { qualifiedNameProblem } from '../../../formats/qualified-name.ts';
import type { ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** validateServicePort (1.34). */
export const serviceAppProtocolValid = {
  code: 'service-app-protocol-valid',
  category: 'api',
  severity: 'error',
  summary: 'an appProtocol that is no qualified name',
  explanation: `appProtocol names what runs on the port: an IANA service name such as https, or a name with a DNS prefix
such as kubernetes.io/h2c.`,
  check({ ports }, report) {
    ports.forEach(({ appProtocol }, index) => {
      const problem = appProtocol === undefined ? undefined : qualifiedNameProblem(appProtocol);
      if (appProtocol === undefined || problem === undefined) return;
      report({
        field: ['spec', 'ports', index, 'appProtocol'],
        message: `appProtocol ${quoteValue(appProtocol)} ${problem}`,
      });
    });
  },
} as const satisfies ServiceRule;
