import { parseCIDR, parseIP } from '../../model/ip.ts';

/** Addresses in canonical form, in order; what is none is left out. Nearly always the list that came is good. */
export function canonicalIPs(addresses: readonly (string | null)[]): readonly string[] {
  if (areCanonical(addresses)) return addresses;
  return addresses.flatMap((address) => parseIP(address ?? '')?.ip ?? []);
}

function areCanonical(addresses: readonly (string | null)[]): addresses is readonly string[] {
  for (const address of addresses) {
    if (address === null || parseIP(address)?.isCanonical !== true) return false;
  }
  return true;
}

/** CIDRs in canonical form, in order; what is none is left out. */
export function canonicalCIDRs(cidrs: readonly (string | null)[]): readonly string[] {
  return cidrs.flatMap((cidr) => parseCIDR(cidr ?? '')?.cidr ?? []);
}
