import { parseCIDR, parseIP } from '../../model/ip.ts';

/** Addresses in canonical form, in order; what is none is left out. */
export function canonicalIPs(addresses: readonly (string | null)[]): readonly string[] {
  return addresses.flatMap((address) => parseIP(address ?? '')?.ip ?? []);
}

/** CIDRs in canonical form, in order; what is none is left out. */
export function canonicalCIDRs(cidrs: readonly (string | null)[]): readonly string[] {
  return cidrs.flatMap((cidr) => parseCIDR(cidr ?? '')?.cidr ?? []);
}
