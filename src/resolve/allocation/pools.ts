import type { PortRange } from '../../kubernetes/ranges.ts';
import type { Cluster, IPFamily } from '../../model/cluster.ts';
import { type AddressRange, addressAt, rangeHolds } from './address-range.ts';
import { firstFree, type Skips, skipsOf, staticBandSize } from './bands.ts';
import { hashName } from './name-hash.ts';
import { hasFamily, type ServiceRanges } from './service-ranges.ts';

/** What can be given away in one run, and what is gone. */
export interface Pools {
  readonly addresses: AddressPool;
  readonly ports: PortPool;
}

/** Where clusterIPs come from. */
export interface AddressPool {
  readonly ranges: ServiceRanges;
  /** Canonical. */
  readonly taken: Set<string>;
  readonly skips: Map<AddressRange, Skips>;
}

/** Where nodePorts and healthCheckNodePorts come from, whatever their protocol. */
export interface PortPool {
  readonly range: PortRange;
  readonly taken: Set<number>;
  readonly skips: Skips;
}

/** All values that are set explicitly are taken, those of Services that lack nothing too. */
export function makePools(
  { services }: Cluster,
  ranges: ServiceRanges,
  { nodePortRange }: { readonly nodePortRange: PortRange },
): Pools {
  const taken = new Set<string>();
  const takenPorts = new Set<number>();
  for (const service of services) {
    for (const ip of service.clusterIPs) taken.add(ip);
    for (const { nodePort } of service.ports) takenPorts.add(nodePort);
    takenPorts.add(service.healthCheckNodePort);
  }
  return {
    addresses: { ranges, taken, skips: new Map() },
    ports: { range: nodePortRange, taken: takenPorts, skips: new Map() },
  };
}

/** KEP-3070: `min(max(16, size/16), 256)` addresses are for people to choose. */
const STATIC_ADDRESSES = { step: 16, least: 16, most: 256 } as const;

/** Takes an address; says why it cannot. */
export function claimAddress(pool: AddressPool, ip: string): 'claimed' | 'taken' | 'out of range' {
  if (!pool.ranges.ranges.some((range) => rangeHolds(range, ip))) return 'out of range';
  if (pool.taken.has(ip)) return 'taken';
  pool.taken.add(ip);
  return 'claimed';
}

/** Takes the address that a name hashes to, or the next free one; says why it cannot. */
export function allocateAddress(
  pool: AddressPool,
  family: IPFamily,
  name: string,
): { readonly ip: string } | 'no range' | 'full' {
  if (!hasFamily(pool.ranges, family)) return 'no range';
  const hash = hashName(`${name}/${family}`);
  for (const range of pool.ranges.ranges) {
    if (range.family !== family) continue;
    const ip = freeAddress(pool, range, hash);
    if (ip === undefined) continue;
    pool.taken.add(ip);
    return { ip };
  }
  return 'full';
}

function freeAddress({ taken, skips }: AddressPool, range: AddressRange, hash: number): string | undefined {
  const staticSize = Math.min(staticBandSize(range.totalSize, STATIC_ADDRESSES), range.size);
  const isFree = (offset: number) => !taken.has(addressAt(range, offset));
  const offset = firstFree({ size: range.size, staticSize }, hash, { skips: skipsOf(skips, range), isFree });
  return offset === undefined ? undefined : addressAt(range, offset);
}

/** KEP-3668: `min(max(16, size/32), 128)` ports are for people to choose: 30000-30085 of the default range. */
const STATIC_PORTS = { step: 32, least: 16, most: 128 } as const;

/** Takes a port; says why it cannot. */
export function claimPort({ range, taken }: PortPool, port: number): 'claimed' | 'taken' | 'out of range' {
  if (port < range.first || port > range.last) return 'out of range';
  if (taken.has(port)) return 'taken';
  taken.add(port);
  return 'claimed';
}

/** Takes the port that a name hashes to, or the next free one; undefined when none is left. */
export function allocatePort({ range, taken, skips }: PortPool, name: string): number | undefined {
  const size = range.last - range.first + 1;
  const bands = { size, staticSize: staticBandSize(size, STATIC_PORTS) };
  const isFree = (offset: number) => !taken.has(range.first + offset);
  const offset = firstFree(bands, hashName(name), { skips, isFree });
  if (offset === undefined) return undefined;
  taken.add(range.first + offset);
  return range.first + offset;
}

/** The service ranges, of one family or of all. */
export function addressRangesText({ addresses }: Pools, family?: string): string {
  const { ranges } = addresses.ranges;
  return ranges
    .filter((range) => family === undefined || range.family === family)
    .map(({ cidr }) => cidr)
    .join(', ');
}

/** `30000-32767`. */
export function nodePortRangeText({ ports }: Pools): string {
  return `${ports.range.first}-${ports.range.last}`;
}
