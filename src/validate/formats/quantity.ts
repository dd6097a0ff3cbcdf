/** A quantity (`250m`, `1Gi`) as a whole number of its smallest unit, a billionth. */
export type Nanos = bigint;

const PARTS = /^([+-]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const DECIMAL: ReadonlyMap<string, number> = new Map(
  Object.entries({
    n: -9,
    u: -6,
    m: -3,
    k: 3,
    M: 6,
    G: 9,
    T: 12,
    P: 15,
    E: 18,
  }),
);
const BINARY: ReadonlyMap<string, bigint> = new Map(
  Object.entries({ Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n }),
);
/** More digits, or powers of ten, are of no use to anybody but who wants to keep us busy. */
const MAX_EXPONENT = 40;

/**
 * Reads a quantity whose spelling has been checked; what is below a billionth is rounded up, as Kubernetes does.
 * @returns undefined when it is none
 */
export function parseQuantity(quantity: string | number): Nanos | undefined {
  const parts = PARTS.exec(typeof quantity === 'number' ? spellNumber(quantity) : quantity.trim());
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = parts;
  const decimals = fraction.slice(0, MAX_EXPONENT);
  const digits = BigInt(`${whole.slice(-MAX_EXPONENT)}${decimals}` || '0');
  const exponent = exponentOf(suffix) - decimals.length + 9;
  const shifted = digits * (1n << (BINARY.get(suffix) ?? 0n));
  const size =
    exponent >= 0 ? shifted * 10n ** BigInt(exponent) : divideUp(shifted, 10n ** BigInt(-exponent));
  return sign === '-' ? -size : size;
}

function spellNumber(quantity: number): string {
  return String(quantity).replace('e+', 'e');
}

function exponentOf(suffix: string): number {
  const decimal = DECIMAL.get(suffix);
  if (decimal !== undefined) return decimal;
  if (!/^[eE][+-]?\d/.test(suffix)) return 0;
  return Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, Number(suffix.slice(1))));
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
