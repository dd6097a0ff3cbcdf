import { invariant } from '../../../diagnostic/invariant.ts';
import { bitsOf, ipToBigInt, parseCIDR } from '../../../model/ip.ts';

/** A CIDR as the digit of its family and the bits of its prefix, for awk: `4` and `00001010` for 10.0.0.0/8. */
export function cidrBits(cidr: string): string {
  const parsed = parseCIDR(cidr);
  invariant(parsed !== undefined, 'a setting holds a CIDR that is none');
  const { network, prefixLength, family } = parsed;
  const bits = ipToBigInt(network).toString(2).padStart(bitsOf(family), '0');
  return `${family === 'IPv4' ? '4' : '6'}${bits.slice(0, prefixLength)}`;
}
