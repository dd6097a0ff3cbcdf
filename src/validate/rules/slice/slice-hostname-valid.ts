import { dnsLabelProblem } from '../../formats/dns.ts';
import type { EndpointSliceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateEndpoints (pkg/apis/discovery/validation, 1.34); unlike in Endpoints, an empty one is refused. */
export const sliceHostnameValid = {
  code: 'slice-hostname-valid',
  category: 'api',
  severity: 'error',
  summary: 'a hostname in a slice that is no DNS label',
  skipsPlain: true,
  explanation: `The hostname of an endpoint becomes a DNS name in front of the Service's, so it is a DNS label: lower case
letters, digits and '-', no dots. Leave it out when there is none: an empty one is refused.`,
  check({ endpoints }, report) {
    endpoints.forEach((endpoint, index) => {
      const hostname = endpoint?.hostname;
      if (hostname === undefined || hostname === null) return;
      const problem = dnsLabelProblem(hostname);
      if (problem === undefined) return;
      report({
        field: ['endpoints', index, 'hostname'],
        message: `hostname ${quoteValue(hostname)} ${problem}`,
      });
    });
  },
} as const satisfies EndpointSliceRule;
