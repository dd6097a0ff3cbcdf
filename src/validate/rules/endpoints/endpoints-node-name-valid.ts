import { visitAddresses } from '../../checks/endpoints-address.ts';
import { dnsSubdomainProblem } from '../../formats/dns.ts';
import type { EndpointsRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateEndpointAddress (1.34); an empty name is refused too. */
export const endpointsNodeNameValid = {
  code: 'endpoints-node-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a nodeName of an endpoint that no Node can have',
  explanation: `nodeName says on which node an endpoint runs, by the name of the Node object: lower case letters, digits,
'-' and '.'. Leave it out when it is not known.`,
  check(endpoints, report) {
    visitAddresses(endpoints, ({ nodeName }, pathOf) => {
      if (nodeName === null || nodeName === undefined) return;
      const problem = dnsSubdomainProblem(nodeName);
      if (problem === undefined) return;
      report({ field: pathOf('nodeName'), message: `nodeName ${quoteValue(nodeName)} ${problem}` });
    });
  },
} as const satisfies EndpointsRule;
