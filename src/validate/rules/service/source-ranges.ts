import { SOURCE_RANGES_ANNOTATION } from '../../../kubernetes/labels.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import { IP_FAMILIES, parseCIDR, parseIP } from '../../../model/ip.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateService (1.34), which spells the field LoadBalancerSourceRanges. */
export const sourceRangesType = {
  code: 'source-ranges-type',
  category: 'api',
  severity: 'error',
  onlyWith: ['loadBalancerSourceRanges', 'annotations'],
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

/** ValidateService (1.34): spaces around a range are tolerated; the annotation counts only without the field. */
export const sourceRangesValid = {
  code: 'source-ranges-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['loadBalancerSourceRanges', 'annotations'],
  summary: 'a source range that is no CIDR',
  explanation: `Source ranges are CIDRs, address and prefix length: 192.0.2.7/32 for a single address. The annotation of
old, service.beta.kubernetes.io/load-balancer-source-ranges, holds them separated by commas.`,
  check({ loadBalancerSourceRanges: ranges, metadata }, report) {
    const refuse = (range: string, field: FieldPath, place: FieldPath) =>
      report({
        field,
        place,
        message: `source range ${quoteValue(range)} is not a CIDR`,
        hint: 'write address and prefix length, like 192.0.2.7/32',
      });
    ranges.forEach((range, index) => {
      if (parseCIDR(range.trim()) !== undefined) return;
      const spec = ['spec', 'LoadBalancerSourceRanges', index];
      refuse(range, spec, ['spec', 'loadBalancerSourceRanges', index]);
    });
    const annotation = metadata.annotations?.[SOURCE_RANGES_ANNOTATION]?.trim();
    if (ranges.length > 0 || !annotation) return;
    const field = ['metadata', 'annotations', SOURCE_RANGES_ANNOTATION];
    for (const range of annotation.split(','))
      if (parseCIDR(range.trim()) === undefined) refuse(range, field, field);
  },
} as const satisfies ServiceRule;

/** kube-proxy (pkg/proxy/serviceport.go, 1.30 to 1.37) looks at the ranges of one family at a time: none there means no limit. */
export const sourceRangesCoverFamilies = {
  code: 'source-ranges-cover-families',
  category: 'node',
  severity: 'warning',
  onlyWith: ['loadBalancerSourceRanges'],
  summary: 'source ranges of one IP family alone, which leave the other one open',
  explanation: `Nodes limit a load balancer family by family. Where loadBalancerSourceRanges has ranges of the other family only,
there is no limit in this one: everybody may connect. 0.0.0.0/0 or ::/0 says that this is meant.`,
  check({ type, loadBalancerSourceRanges, ipFamilies, clusterAddresses, ingress }, report) {
    if (type !== 'LoadBalancer' || loadBalancerSourceRanges.length === 0) return;
    const ranged = loadBalancerSourceRanges.map((range) => parseCIDR(range.trim())?.family);
    if (ranged.includes(undefined)) return;
    const own = [...ipFamilies, ...clusterAddresses.map((address) => address?.family)];
    // A Service that does not say its families yet has those of its load balancer.
    const served = own.length > 0 ? own : ingress.map((entry) => parseIP(entry?.ip ?? '')?.family);
    for (const family of IP_FAMILIES) {
      if (!served.includes(family) || ranged.includes(family)) continue;
      report({
        field: ['spec', 'loadBalancerSourceRanges'],
        message: `no source range is ${family}, so the load balancer is open to everybody by ${family}`,
        hint: `add a range of ${family}`,
      });
    }
  },
} as const satisfies ServiceRule;
