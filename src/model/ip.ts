import ipaddr from 'ipaddr.js';
import type { IPFamily } from './cluster.ts';

/** An address as read: its canonical text, and whether it was spelled otherwise. */
export interface ParsedIP {
  /** RFC 5952 for IPv6, dotted decimal for IPv4. IPv4-mapped IPv6 addresses become IPv4, as in the API server. */
  readonly ip: string;
  readonly family: IPFamily;
  /** False: the API server accepts the spelling but warns (leading zeros, IPv4-mapped, long forms of IPv6). */
  readonly isCanonical: boolean;
}

export interface ParsedCIDR {
  /** Network address (host bits cleared) and prefix length: `10.0.0.0/8`. */
  readonly cidr: string;
  readonly network: string;
  readonly prefixLength: number;
  readonly family: IPFamily;
  /** False: host bits were set, or the spelling is not canonical. */
  readonly isCanonical: boolean;
}

const CANONICAL_IPV4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const LENIENT_IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const IPV6_CHARACTERS = /^[0-9A-Fa-f:.]+$/;

/**
 * Reads an address under the API server's legacy spelling rules (Go's `ParseIPSloppy`): leading zeros are
 * decimal, IPv4-mapped IPv6 is its IPv4 address; zones, spaces, ports and short forms are refused.
 * @returns undefined when it is no address
 */
export function parseIP(text: string): ParsedIP | undefined {
  if (CANONICAL_IPV4.test(text)) return { ip: text, family: 'IPv4', isCanonical: true };
  if (LENIENT_IPV4.test(text)) return parseLenientIPv4(text);
  if (!text.includes(':') || !IPV6_CHARACTERS.test(text)) return undefined;
  return parseIPv6(text);
}

function parseLenientIPv4(text: string): ParsedIP | undefined {
  const octets = text.split('.').map((octet) => Number(octet));
  if (octets.some((octet) => octet > 255)) return undefined;
  return { ip: octets.join('.'), family: 'IPv4', isCanonical: false };
}

function parseIPv6(text: string): ParsedIP | undefined {
  const strict = withoutDottedTail(text);
  if (strict === undefined || !ipaddr.IPv6.isValid(strict)) return undefined;
  const address = ipaddr.IPv6.parse(strict);
  if (address.isIPv4MappedAddress()) {
    return { ip: address.toIPv4Address().toString(), family: 'IPv4', isCanonical: false };
  }
  const ip = address.toRFC5952String();
  return { ip, family: 'IPv6', isCanonical: ip === text };
}

/**
 * Rewrites an embedded IPv4 tail (`::ffff:010.0.0.1`) as two groups: leading zeros are decimal there too, and
 * ipaddr.js would take `::1.2.3.4` for an IPv4-mapped address, which it is not.
 */
function withoutDottedTail(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const tailStart = text.lastIndexOf(':') + 1;
  const tail = parseIP(text.slice(tailStart));
  if (tail?.family !== 'IPv4') return undefined;
  const value = Number(ipToBigInt(tail.ip));
  return `${text.slice(0, tailStart)}${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
}

/**
 * Reads `address/length` under the same rules; the length may have leading zeros (`/08`), host bits are cleared.
 * @returns undefined when it is no CIDR
 */
export function parseCIDR(text: string): ParsedCIDR | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const lengthText = text.slice(slash + 1);
  const address = parseIP(text.slice(0, slash));
  if (address === undefined || !/^\d{1,6}$/.test(lengthText)) return undefined;
  const isMapped = address.family === 'IPv4' && text.slice(0, slash).includes(':');
  const prefixLength = Number(lengthText) - (isMapped ? 96 : 0);
  if (prefixLength < 0 || prefixLength > bitsOf(address.family)) return undefined;
  const network = networkAddress(address.ip, prefixLength);
  const cidr = `${network}/${prefixLength}`;
  return { cidr, network, prefixLength, family: address.family, isCanonical: cidr === text };
}

/** In the order in which everything that has both is listed. */
export const IP_FAMILIES: readonly IPFamily[] = ['IPv4', 'IPv6'];

export function otherFamily(family: IPFamily): IPFamily {
  return family === 'IPv4' ? 'IPv6' : 'IPv4';
}

/** 32 or 128. */
export function bitsOf(family: IPFamily): number {
  return family === 'IPv4' ? 32 : 128;
}

/** The family of a canonical address or CIDR. */
export function familyOf(canonical: string): IPFamily {
  return canonical.includes(':') ? 'IPv6' : 'IPv4';
}

/** A canonical address as a number: 32 or 128 bits. */
export function ipToBigInt(ip: string): bigint {
  if (!ip.includes(':')) return BigInt(ipv4ToNumber(ip));
  return ipaddr
    .parse(ip)
    .toByteArray()
    .reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The canonical address of a number. */
export function bigIntToIP(value: bigint, family: IPFamily): string {
  if (family === 'IPv4') return numberToIPv4(Number(value));
  const bytes = Array.from({ length: 16 }, (_, index) => Number((value >> BigInt((15 - index) * 8)) & 0xffn));
  return new ipaddr.IPv6(bytes).toRFC5952String();
}

/** A canonical IPv4 address as a number of 32 bits. Most addresses are IPv4, and ipaddr.js needs a dozen regular expressions to read one. */
export function ipv4ToNumber(ip: string): number {
  let value = 0;
  let octet = 0;
  for (let index = 0; index < ip.length; index += 1) {
    const digit = ip.charCodeAt(index) - 48;
    // A dot comes before the digits.
    if (digit < 0) {
      value = value * 256 + octet;
      octet = 0;
    } else octet = octet * 10 + digit;
  }
  return value * 256 + octet;
}

function numberToIPv4(value: number): string {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
}

/** Whether a canonical address lies in a canonical CIDR; false across families. */
export function cidrContains(cidr: string, ip: string): boolean {
  const slash = cidr.indexOf('/');
  const [network, length] = [cidr.slice(0, slash), Number(cidr.slice(slash + 1))];
  if (slash < 0 || familyOf(network) !== familyOf(ip)) return false;
  if (familyOf(ip) === 'IPv6') return networkAddress(ip, length) === network;
  const size = 2 ** (32 - length);
  return Math.floor(ipv4ToNumber(ip) / size) === Math.floor(ipv4ToNumber(network) / size);
}

/** `10.1.2.3:80` or `[fd00::1]:80`. */
export function joinHostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

function networkAddress(ip: string, prefixLength: number): string {
  const family = familyOf(ip);
  const hostBits = BigInt(bitsOf(family) - prefixLength);
  return bigIntToIP((ipToBigInt(ip) >> hostBits) << hostBits, family);
}
