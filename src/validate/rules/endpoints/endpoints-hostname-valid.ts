import { visitAddresses } from '../../checks/endpoints-address.ts';
import { dnsLabelProblem } from '../../formats/dns.ts';
import type { EndpointsRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateEndpointAddress (1.34); empty means none. */
export const endpointsHostnameValid = {
  code: 'endpoints-hostname-valid',
  category: 'api',
  severity: 'error',
  summary: 'a hostname of an endpoint that is no DNS label',
  explanation: `The hostname of an endpoint becomes a DNS name in front of the Service's (db-0.database.shop.svc...), so it
is a DNS label: lower case letters, digits and '-', no dots.`,
  check(endpoints, report) {
    visitAddresses(endpoints, ({ hostname }, pathOf) => {
      const problem = hostname ? dnsLabelProblem(hostname) : undefined;
      if (!hostname || problem === undefined) return;
      report({ field: pathOf('hostname'), message: `hostname ${quoteValue(hostname)} ${problem}` });
    });
  },
} as const satisfies EndpointsRule;
