import { cidrContains } from '../../model/ip.ts';

/** Ranges that endpoints and external IPs must keep out of. Other multicast is allowed. */
const SPECIAL_RANGES: readonly (readonly [cidr: string, name: string])[] = [
  ['127.0.0.0/8', 'a loopback address'],
  ['169.254.0.0/16', 'a link-local address'],
  ['224.0.0.0/24', 'a link-local multicast address'],
  ['::1/128', 'a loopback address'],
  ['fe80::/10', 'a link-local address'],
  ['ff02::/16', 'a link-local multicast address'],
];

/**
 * Names what makes a canonical address unfit for an endpoint or an external IP (ValidateNonSpecialIP, 1.34);
 * undefined: nothing does.
 */
export function specialAddressName(ip: string): string | undefined {
  if (ip === '0.0.0.0' || ip === '::') return 'the unspecified address';
  if (!mayBeSpecial(ip)) return undefined;
  return SPECIAL_RANGES.find(([cidr]) => cidrContains(cidr, ip))?.[1];
}

/** Spares nearly all addresses the arithmetic: special ones start with one of these. */
function mayBeSpecial(ip: string): boolean {
  const first = ip.charCodeAt(0);
  if (first === 0x66 || first === 0x3a) return true;
  return ip.startsWith('127.') || ip.startsWith('169.254.') || ip.startsWith('224.0.0.');
}
