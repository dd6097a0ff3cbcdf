import { suggestion } from '../../checks/suggestion.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateServiceInternalTrafficFieldsValue (1.34); the empty string is no policy either. */
export const internalTrafficPolicyKnown = {
  code: 'internal-traffic-policy-known',
  category: 'api',
  severity: 'error',
  summary: 'an internalTrafficPolicy other than Cluster and Local',
  explanation: `internalTrafficPolicy is Cluster (any endpoint may answer traffic from within the cluster) or Local (only
endpoints on the client's node); left out it is Cluster.`,
  check({ internalTrafficPolicy: policy }, report) {
    if (policy === undefined || policy === 'Cluster' || policy === 'Local') return;
    report({
      field: ['spec', 'internalTrafficPolicy'],
      message: `internalTrafficPolicy ${quoteValue(policy)} is neither Cluster nor Local`,
      ...suggestion(policy, ['Cluster', 'Local']),
    });
  },
} as const satisfies ServiceRule;
