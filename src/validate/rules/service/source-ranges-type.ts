import { SOURCE_RANGES_ANNOTATION } from '../../../kubernetes/labels.ts';
import type { ServiceRule } from '../../rule.ts';

/** ValidateService (1.34), which spells the field LoadBalancerSourceRanges. */
export const sourceRangesType = {
  code: 'source-ranges-type',
  category: 'api',
  severity: 'error',
  summary: 'source ranges on a Service that is no LoadBalancer',
  explanation: `loadBalancerSourceRanges (and the annotation of old that does the same) limits who may use a load balancer
address. On other types it would limit nothing, so it is refused instead of giving a false sense of safety.`,
  check({ type, loadBalancerSourceRanges, metadata }, report) {
    if (type === 'LoadBalancer') return;
    const hint = 'leave it out, or set spec.type to LoadBalancer';
    if (loadBalancerSourceRanges.length > 0) {
      report({
        field: ['spec', 'LoadBalancerSourceRanges'],
        place: ['spec', 'loadBalancerSourceRanges'],
        message: `loadBalancerSourceRanges on a Service of type ${type}`,
        hint,
      });
    } else if (hasOwn(metadata.annotations, SOURCE_RANGES_ANNOTATION)) {
      report({
        field: ['metadata', 'annotations', SOURCE_RANGES_ANNOTATION],
        message: `annotation ${SOURCE_RANGES_ANNOTATION} on a Service of type ${type}`,
        hint,
      });
    }
  },
} as const satisfies ServiceRule;

function hasOwn(map: object | null | undefined, key: string): boolean {
  return map !== null && map !== undefined && Object.hasOwn(map, key);
}
