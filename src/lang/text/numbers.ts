import { simpleFraction } from '../packet/fraction.ts';

/** A number between 0 and `max`: decimal, or hexadecimal with `0x`. */
export function readNumber(text: string | undefined, max: number): number | undefined {
  if (text === undefined || !/^(?:\d{1,10}|0x[0-9a-fA-F]{1,8})$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

/** `0x4000/0x4000`; without a mask all bits count. */
export function readMasked(text: string): { readonly value: number; readonly mask: number } | undefined {
  const [value, mask, ...rest] = text.split('/');
  const [bits, maskBits] = [
    readNumber(value, 0xffffffff),
    mask === undefined ? 0xffffffff : readNumber(mask, 0xffffffff),
  ];
  if (bits === undefined || maskBits === undefined || rest.length > 0) return undefined;
  return { value: bits, mask: maskBits };
}

/** The opposite of `readMasked`, as iptables spells it. */
export function formatMasked({ value, mask }: { readonly value: number; readonly mask: number }): string {
  return `${hex(value)}/${hex(mask)}`;
}

/** 32 bits, unsigned. */
function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/**
 * A probability as it was meant: `1 / n` is printed with 10 decimals, or those of the kernel's rounding, and stands for
 * exactly that; so do other fractions.
 */
export function readProbability(text: string): number | undefined {
  if (!/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/.test(text)) return undefined;
  const printed = Number(text);
  const meant = simpleFraction(printed);
  return meant === undefined ? printed : meant.numerator / meant.denominator;
}
