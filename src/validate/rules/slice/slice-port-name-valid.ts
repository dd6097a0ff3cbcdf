import { labelHint } from '../../checks/label-hint.ts';
import { dnsLabelProblem } from '../../formats/dns.ts';
import type { EndpointSliceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validatePorts (pkg/apis/discovery/validation, 1.34). */
export const slicePortNameValid = {
  code: 'slice-port-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a port name in a slice that is no DNS label',
  skipsPlain: true,
  explanation: `The name of a slice's port is that of the Service's port which it serves: a DNS label of lower case
letters, digits and '-', at most 63 characters, or empty for a Service with one unnamed port.`,
  check({ ports }, report) {
    ports.forEach((port, index) => {
      const problem = port?.name ? dnsLabelProblem(port.name) : undefined;
      if (!port?.name || problem === undefined) return;
      report({
        field: ['ports', index, 'name'],
        message: `port name ${quoteValue(port.name)} ${problem}`,
        ...labelHint(port.name),
      });
    });
  },
} as const satisfies EndpointSliceRule;
