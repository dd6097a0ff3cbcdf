import { parseIP } from '../../model/ip.ts';
import { specialAddressName } from './special-address.ts';

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
