import { dnsSubdomainProblem } from '../../formats/dns.ts';
import type { EndpointSliceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateEndpoints (pkg/apis/discovery/validation, 1.34). */
export const sliceNodeNameValid = {
  code: 'slice-node-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a nodeName in a slice that no Node can have',
  skipsPlain: true,
  explanation: `nodeName says on which node an endpoint runs, by the name of the Node object: lower case letters, digits,
'-' and '.'. Local traffic policies depend on it. Leave it out when it is not known.`,
  check({ endpoints }, report) {
    // Neighbours in a slice often share their node, and checking a name costs more than comparing it.
    let last = '';
    for (let index = 0; index < endpoints.length; index += 1) {
      const nodeName = endpoints[index]?.nodeName;
      if (nodeName === undefined || nodeName === null || (nodeName === last && last !== '')) continue;
      const problem = dnsSubdomainProblem(nodeName);
      if (problem === undefined) last = nodeName;
      else
        report({
          field: ['endpoints', index, 'nodeName'],
          message: `nodeName ${quoteValue(nodeName)} ${problem}`,
        });
    }
  },
} as const satisfies EndpointSliceRule;
