import { bitsOf, familyOf, ipToBigInt } from '../../model/ip.ts';

/** Tells of canonical addresses whether they lie in a canonical CIDR or are a canonical address; read once. */
export function cidrTest(cidr: string): (ip: string) => boolean {
  const slash = cidr.indexOf('/');
  const network = slash < 0 ? cidr : cidr.slice(0, slash);
  const family = familyOf(network);
  const hostBits = bitsOf(family) - (slash < 0 ? bitsOf(family) : Number(cidr.slice(slash + 1)));
  if (hostBits === 0) return (ip) => ip === network;
  const shift = BigInt(hostBits);
  const prefix = ipToBigInt(network) >> shift;
  return (ip) => familyOf(ip) === family && ipToBigInt(ip) >> shift === prefix;
}
