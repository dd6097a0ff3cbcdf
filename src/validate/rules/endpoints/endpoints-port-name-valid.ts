import { visitPorts } from '../../checks/endpoints-address.ts';
import { labelHint } from '../../checks/label-hint.ts';
import { dnsLabelProblem } from '../../formats/dns.ts';
import type { EndpointsRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateEndpointPort (1.34). */
export const endpointsPortNameValid = {
  code: 'endpoints-port-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'an endpoint port name that is no DNS label',
  explanation: `The name of an endpoint port is that of the Service's port which it serves, so it is a DNS label as well:
lower case letters, digits and '-', at most 63 characters.`,
  check(endpoints, report) {
    visitPorts(endpoints, ({ name }, pathOf) => {
      const problem = name ? dnsLabelProblem(name) : undefined;
      if (name && problem !== undefined) {
        report({
          field: pathOf('name'),
          message: `port name ${quoteValue(name)} ${problem}`,
          ...labelHint(name),
        });
      }
    });
  },
} as const satisfies EndpointsRule;
