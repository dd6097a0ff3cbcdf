import type { Fraction } from '../../lang/packet/fraction.ts';

/** Larger denominators are no help to anybody. */
const MAX_DENOMINATOR = 1_000_000n;

/** `1/3`; shares without a simple fraction as a decimal number: `≈0.2679`. */
export function formatShare({ numerator, denominator }: Fraction): string {
  if (denominator <= MAX_DENOMINATOR) return `${numerator}/${denominator}`;
  return `≈${shareAsNumber({ numerator, denominator }).toPrecision(4)}`;
}

/** `1 in 3`. */
export function formatChance({ numerator, denominator }: Fraction): string {
  if (denominator <= MAX_DENOMINATOR) return `${numerator} in ${denominator}`;
  return `about ${(100 * shareAsNumber({ numerator, denominator })).toPrecision(4)} %`;
}

/** Both numbers may be larger than any double. */
export function shareAsNumber({ numerator, denominator }: Fraction): number {
  const scale = 1n << 64n;
  return Number((numerator * scale) / denominator) / Number(scale);
}
