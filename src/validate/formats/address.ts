import type { IPFamily } from '../../model/cluster.ts';
import { cidrContains, parseCIDR, parseIP } from '../../model/ip.ts';

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

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const SPECIAL = '127\\.|169\\.254\\.|224\\.0\\.0\\.|0\\.0\\.0\\.0$';
const PLAIN_IPV4 = new RegExp(`^(?!${SPECIAL})${OCTET}(?:\\.${OCTET}){3}$`);

/** A canonical IPv4 address that is in no special range: the same as asking parseIP, but it makes no garbage. */
export function isPlainIPv4(text: string): boolean {
  return PLAIN_IPV4.test(text);
}

/** The same for IPv6. */
export function isPlainIPv6(text: string): boolean {
  const parsed = parseIP(text);
  if (parsed === undefined || parsed.family !== 'IPv6' || !parsed.isCanonical) return false;
  return specialAddressName(parsed.ip) === undefined;
}

/** A spelling that is accepted here or there, but is not the one that everybody understands alike. */
export interface OddSpelling {
  /**
   * `ambiguous`: leading zeros, or an IPv4-mapped IPv6 address: programs read them differently. `host-bits`: bits behind
   * the prefix of a CIDR. `long`: IPv6 that is not in the form of RFC 5952.
   */
  readonly kind: 'ambiguous' | 'host-bits' | 'long';
  readonly canonical: string;
  readonly family: IPFamily;
}

/** What is odd about the spelling of an address; undefined: nothing, or it is no address at all. */
export function oddAddress(text: string): OddSpelling | undefined {
  const parsed = parseIP(text);
  if (parsed === undefined || parsed.isCanonical) return undefined;
  const { ip, family } = parsed;
  return { kind: isAmbiguous(text, family) ? 'ambiguous' : 'long', canonical: ip, family };
}

/** The same for CIDRs. */
export function oddCIDR(text: string): OddSpelling | undefined {
  const parsed = parseCIDR(text);
  if (parsed === undefined || parsed.isCanonical) return undefined;
  const { cidr, family, network } = parsed;
  const [address = '', length = ''] = text.split('/');
  const odd = (kind: OddSpelling['kind']) => ({ kind, canonical: cidr, family });
  if (isAmbiguous(address, family) || /^0\d/.test(length)) return odd('ambiguous');
  return odd(parseIP(address)?.ip === network ? 'long' : 'host-bits');
}

/** Leading zeros in a dotted part; a colon in what is IPv4 all the same. */
function isAmbiguous(text: string, family: IPFamily): boolean {
  if (family === 'IPv4' && text.includes(':')) return true;
  return text.includes('.') && /(?:^|[.:])0\d+(?=\.|$)/.test(text);
}
