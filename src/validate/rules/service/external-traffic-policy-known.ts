import { suggestion } from '../../checks/suggestion.ts';
import { isExternallyAccessible } from '../../defaults/service.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateServiceExternalTrafficPolicy (1.34). An empty policy means Cluster. */
export const externalTrafficPolicyKnown = {
  code: 'external-traffic-policy-known',
  category: 'api',
  severity: 'error',
  summary: 'an externalTrafficPolicy other than Cluster and Local',
  explanation: `externalTrafficPolicy is Cluster (any endpoint may answer, the client's address is masqueraded) or Local
(only endpoints on the node that the traffic came to, and they see the client's address).`,
  check({ type, externalIPs, externalTrafficPolicy: policy }, report) {
    if (!isExternallyAccessible(type, externalIPs) || policy === 'Cluster' || policy === 'Local') return;
    report({
      field: ['spec', 'externalTrafficPolicy'],
      message: `externalTrafficPolicy ${quoteValue(policy)} is neither Cluster nor Local`,
      ...suggestion(policy, ['Cluster', 'Local']),
    });
  },
} as const satisfies ServiceRule;
