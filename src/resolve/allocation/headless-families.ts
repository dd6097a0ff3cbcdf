import { isHeadless } from '../../kubernetes/services.ts';
import type { IPFamily, Service } from '../../model/cluster.ts';
import { hasFamily, type ServiceRanges } from './service-ranges.ts';

/**
 * Gives a headless Service the families that the API server gives it (`initIPFamilyFields` of alloc.go, 1.34): they
 * decide which addresses of pods it has. Without a selector and a policy it has both, as nobody can tell. Where
 * nobody said what the service ranges are, it stays as it is.
 */
export function withHeadlessFamilies(service: Service, ranges: ServiceRanges): Service {
  if (!isHeadless(service) || service.ipFamilies.length === 2 || !ranges.isGiven) return service;
  const [first = ranges.defaultFamily] = service.ipFamilies;
  const other = first === 'IPv4' ? 'IPv6' : 'IPv4';
  const ipFamilies: readonly IPFamily[] = wantsFamily(service, other, ranges) ? [first, other] : [first];
  return ipFamilies.length === service.ipFamilies.length ? service : { ...service, ipFamilies };
}

function wantsFamily(service: Service, family: IPFamily, ranges: ServiceRanges): boolean {
  const hasSelector = Object.keys(service.selector).length > 0;
  if (!hasSelector) return service.ipFamilyPolicy !== 'SingleStack';
  return (service.ipFamilyPolicy ?? 'SingleStack') !== 'SingleStack' && hasFamily(ranges, family);
}
