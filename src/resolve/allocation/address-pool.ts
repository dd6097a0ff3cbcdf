import type { IPFamily } from '../../model/cluster.ts';
import { type AddressRange, addressAt, rangeHolds } from '../address-range.ts';
import { firstFree, type Skips, skipsOf, staticBandSize } from '../bands.ts';
import { hashName } from '../name-hash.ts';
import { hasFamily, type ServiceRanges } from './service-ranges.ts';

/** KEP-3070: `min(max(16, size/16), 256)` addresses are for people to choose. */
const STATIC_BAND = { step: 16, least: 16, most: 256 } as const;

/** Where clusterIPs come from in one run, and which are gone. */
export interface AddressPool {
  readonly ranges: ServiceRanges;
  /** Canonical. */
  readonly taken: Set<string>;
  readonly skips: Map<AddressRange, Skips>;
}

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
  const staticSize = Math.min(staticBandSize(range.totalSize, STATIC_BAND), range.size);
  const isFree = (offset: number) => !taken.has(addressAt(range, offset));
  const offset = firstFree({ size: range.size, staticSize }, hash, { skips: skipsOf(skips, range), isFree });
  return offset === undefined ? undefined : addressAt(range, offset);
}
