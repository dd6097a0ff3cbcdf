import { bitsOf, ipToBigInt, type ParsedCIDR } from '../../model/ip.ts';

/** The addresses that the API server gives out of a service range: not its first, nor the last of an IPv4 one. */
export interface ServiceRange extends ParsedCIDR {
  readonly first: bigint;
  readonly last: bigint;
}

export function toServiceRange(cidr: ParsedCIDR): ServiceRange {
  const network = ipToBigInt(cidr.network);
  const size = 1n << BigInt(bitsOf(cidr.family) - cidr.prefixLength);
  return { ...cidr, first: network + 1n, last: network + size - (cidr.family === 'IPv4' ? 2n : 1n) };
}

/** Whether a canonical address of the range's family is one that it gives out. */
export function givesOut(range: ServiceRange, ip: string): boolean {
  const value = range.family === 'IPv4' ? ipv4ToNumber(ip) : ipToBigInt(ip);
  return value >= range.first && value <= range.last;
}

/** A canonical IPv4 address as a number: ten times as fast as by way of bytes, and there may be many. */
function ipv4ToNumber(ip: string): number {
  let value = 0;
  let octet = 0;
  for (let index = 0; index < ip.length; index += 1) {
    const unit = ip.charCodeAt(index);
    if (unit === DOT) {
      value = value * 256 + octet;
      octet = 0;
    } else octet = octet * 10 + unit - ZERO;
  }
  return value * 256 + octet;
}

const DOT = 0x2e;
const ZERO = 0x30;
