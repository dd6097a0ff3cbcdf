import { suggestion } from '../../checks/suggestion.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateServiceTrafficDistribution (1.31 to 1.36); gate PreferSameTrafficDistribution, on by default since 1.34. */
export const trafficDistributionKnown = {
  code: 'traffic-distribution-known',
  category: 'api',
  severity: 'error',
  summary: 'a trafficDistribution that does not exist',
  explanation: `trafficDistribution is PreferSameZone (or PreferClose, its older name) or PreferSameNode: hints for the
EndpointSlice controller, which fall back to all endpoints when none is near. Up to Kubernetes 1.33 there is only
PreferClose.`,
  check({ trafficDistribution: distribution }, report, { options }) {
    const known = options.kubernetes.api.trafficDistributions;
    if (distribution === undefined || known.includes(distribution)) return;
    report({
      field: ['spec', 'trafficDistribution'],
      message: `trafficDistribution ${quoteValue(distribution)} is none of ${known.join(', ')}`,
      ...suggestion(distribution, known),
    });
  },
} as const satisfies ServiceRule;
