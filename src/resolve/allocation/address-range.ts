import type { IPFamily } from '../../model/cluster.ts';
import { bigIntToIP, bitsOf, familyOf, ipToBigInt, parseCIDR } from '../../model/ip.ts';

/** Of larger ranges only the first addresses are given away: offsets stay small integers. */
const MAX_SIZE = 2 ** 24;

/** The addresses of a CIDR that can be given away: not the network's own, nor the broadcast address of IPv4. */
export interface AddressRange {
  readonly cidr: string;
  readonly family: IPFamily;
  readonly first: bigint;
  readonly last: bigint;
  /** How many addresses can be given away; offset 0 is `first`. */
  readonly size: number;
  /** 2 to the power of the host bits, at most 2²⁴. */
  readonly totalSize: number;
}

/** @returns undefined when the text is no CIDR */
export function addressRange(cidr: string): AddressRange | undefined {
  const parsed = parseCIDR(cidr);
  if (parsed === undefined) return undefined;
  const { family, network, prefixLength } = parsed;
  const total = 1n << BigInt(bitsOf(family) - prefixLength);
  const first = ipToBigInt(network) + 1n;
  const last = first + total - (family === 'IPv4' ? 3n : 2n);
  const count = last < first ? 0n : last - first + 1n;
  return {
    cidr: parsed.cidr,
    family,
    first,
    last,
    size: Math.min(Number(count), MAX_SIZE),
    totalSize: Math.min(Number(total), MAX_SIZE),
  };
}

/** The canonical address at an offset. */
export function addressAt({ family, first }: AddressRange, offset: number): string {
  if (family === 'IPv6') return bigIntToIP(first + BigInt(offset), family);
  const value = Number(first) + offset;
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** Whether a canonical address is one that the range can give away. */
export function rangeHolds(range: AddressRange, ip: string): boolean {
  if (familyOf(ip) !== range.family) return false;
  const value = ipToBigInt(ip);
  return value >= range.first && value <= range.last;
}
