import { suggestion } from '../../checks/suggestion.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const DISTRIBUTIONS = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** validateServiceTrafficDistribution (1.34, where PreferSameTrafficDistribution is on by default). */
export const trafficDistributionKnown = {
  code: 'traffic-distribution-known',
  category: 'api',
  severity: 'error',
  summary: 'a trafficDistribution that does not exist',
  explanation: `trafficDistribution is PreferSameZone (or PreferClose, its older name) or PreferSameNode: hints for the
EndpointSlice controller, which fall back to all endpoints when none is near.`,
  check({ trafficDistribution: distribution }, report) {
    if (distribution === undefined || DISTRIBUTIONS.includes(distribution)) return;
    report({
      field: ['spec', 'trafficDistribution'],
      message: `trafficDistribution ${quoteValue(distribution)} is none of ${DISTRIBUTIONS.join(', ')}`,
      ...suggestion(distribution, DISTRIBUTIONS),
    });
  },
} as const satisfies ServiceRule;
