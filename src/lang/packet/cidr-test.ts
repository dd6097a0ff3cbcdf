import { bitsOf, familyOf, ipToBigInt, ipv4ToNumber } from '../../model/ip.ts';

/** Tells of canonical addresses whether they lie in a canonical CIDR or are a canonical address; read once. */
export function cidrTest(cidr: string): (ip: string) => boolean {
  const slash = cidr.indexOf('/');
  const network = slash < 0 ? cidr : cidr.slice(0, slash);
  const family = familyOf(network);
  const hostBits = bitsOf(family) - (slash < 0 ? bitsOf(family) : Number(cidr.slice(slash + 1)));
  if (hostBits === 0) return (ip) => ip === network;
  if (family === 'IPv4') {
    const size = 2 ** hostBits;
    const block = Math.floor(ipv4ToNumber(network) / size);
    return (ip) => familyOf(ip) === family && Math.floor(ipv4ToNumber(ip) / size) === block;
  }
  const shift = BigInt(hostBits);
  const prefix = ipToBigInt(network) >> shift;
  return (ip) => familyOf(ip) === family && ipToBigInt(ip) >> shift === prefix;
}

const RANGE = /^([0-9a-f.:]+)-([0-9a-f.:]+)$/;

/** Whether a value is more than one address: a CIDR, or the first and last address of a range. */
export function isRange(value: string): boolean {
  return value.includes('/') || RANGE.test(value);
}

/** Tells of canonical addresses whether they are in such a range. */
export function rangeTest(range: string): (ip: string) => boolean {
  const [, first, last] = RANGE.exec(range) ?? [];
  if (first === undefined || last === undefined) return cidrTest(range);
  const [low, high] = [ipToBigInt(first), ipToBigInt(last)];
  return (ip) => {
    const address = ipToBigInt(ip);
    return ip.includes(':') === first.includes(':') && low <= address && address <= high;
  };
}

/** The first and the last address of a canonical CIDR or range. */
export function rangeBounds(range: string): readonly [first: bigint, last: bigint] {
  const [, first, last] = RANGE.exec(range) ?? [];
  if (first !== undefined && last !== undefined) return [ipToBigInt(first), ipToBigInt(last)];
  const [network = '', length] = range.split('/');
  const bits = bitsOf(familyOf(network));
  const shift = BigInt(bits - Number(length ?? bits));
  const start = (ipToBigInt(network) >> shift) << shift;
  return [start, start + (1n << shift) - 1n];
}
