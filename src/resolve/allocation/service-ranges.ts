import { DEFAULT_SERVICE_CIDRS } from '../../kubernetes/ranges.ts';
import type { Cluster, IPFamily, ServiceCIDR } from '../../model/cluster.ts';
import { type AddressRange, addressRange } from './address-range.ts';

/** The ServiceCIDR that the API server makes of its own flag. */
const DEFAULT_SERVICE_CIDR = 'kubernetes';

/** Where clusterIPs come from, in order of preference. */
export interface ServiceRanges {
  /** At least one. */
  readonly ranges: readonly AddressRange[];
  /** Of Services that ask for none: that of the first range. */
  readonly defaultFamily: IPFamily;
  /** False: nobody said what the ranges are. */
  readonly isGiven: boolean;
}

/**
 * The ranges that were given, else those of the ServiceCIDR objects, `kubernetes` first, else the defaults.
 * @param given `--service-cluster-ip-range`
 */
export function serviceRanges(cluster: Cluster, given: readonly string[] | undefined): ServiceRanges {
  const cidrs = given ?? defaultFirst(cluster.serviceCIDRs).flatMap((object) => object.cidrs);
  const ranges = cidrs.map(addressRange).filter((range) => range !== undefined);
  const [first] = ranges;
  if (first !== undefined) return { ranges, defaultFamily: first.family, isGiven: true };
  const defaults = DEFAULT_SERVICE_CIDRS.map(addressRange).filter((range) => range !== undefined);
  return { ranges: defaults, defaultFamily: 'IPv4', isGiven: false };
}

/** Whether Services can have addresses of a family. */
export function hasFamily({ ranges }: ServiceRanges, family: IPFamily): boolean {
  return ranges.some((range) => range.family === family);
}

function defaultFirst(objects: readonly ServiceCIDR[]): readonly ServiceCIDR[] {
  const isDefault = ({ name }: ServiceCIDR) => name === DEFAULT_SERVICE_CIDR;
  return [...objects.filter(isDefault), ...objects.filter((object) => !isDefault(object))];
}
