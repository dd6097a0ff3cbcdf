import { parseCIDR, parseIP } from '../../model/ip.ts';

/** The canonical form of an address that is spelled otherwise; undefined: it is canonical, or no address at all. */
export function canonicalSpelling(text: string): string | undefined {
  const parsed = parseIP(text);
  return parsed === undefined || parsed.isCanonical ? undefined : parsed.ip;
}

/** The same for CIDRs. */
export function canonicalCIDRSpelling(text: string): string | undefined {
  const parsed = parseCIDR(text);
  return parsed === undefined || parsed.isCanonical ? undefined : parsed.cidr;
}
