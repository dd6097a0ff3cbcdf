/** A share of all connections: exact and in lowest terms, as long as its parts are no larger than anybody can read. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const NONE: Fraction = { numerator: 0n, denominator: 1n };
/** There is no other object for it: whoever asks whether chance has a part in something compares with this one. */
export const ALL: Fraction = { numerator: 1n, denominator: 1n };

/** The kernel draws 31 bits and compares. */
const DRAWN_BITS = 31;

/**
 * Parts with more bits are no news to anybody, and chains of odd probabilities would grow without end: behind hundreds of
 * them, each step took as long as thousands.
 */
const MAX_EXACT = 1n << 128n;

/** Then it is so many parts of this. */
const ROUNDED_BITS = 96n;
const ROUNDED = 1n << ROUNDED_BITS;

/** What is nearer to all of them is all of them, but for rounding. */
const NEARLY_ALL = ROUNDED - (1n << 32n);

export function oneIn(n: number): Fraction {
  return n === 1 ? ALL : { numerator: 1n, denominator: BigInt(n) };
}

/** So many of a whole. */
export function shareOf(part: number, whole: number): Fraction {
  return reduced(BigInt(part), BigInt(whole));
}

/** A probability as it is meant, else as the kernel makes it. */
export function fractionOf(probability: number): Fraction {
  if (probability <= 0) return NONE;
  if (probability >= 1) return ALL;
  const meant = simpleFraction(probability);
  if (meant !== undefined) return reduced(BigInt(meant.numerator), BigInt(meant.denominator));
  return reduced(BigInt(Math.round(probability * 2 ** DRAWN_BITS)), 1n << BigInt(DRAWN_BITS));
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  if (a === ALL) return b;
  if (b === ALL) return a;
  return reduced(a.numerator * b.numerator, a.denominator * b.denominator);
}

export function add(a: Fraction, b: Fraction): Fraction {
  return reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

/** What is left of everything. */
export function rest({ numerator, denominator }: Fraction): Fraction {
  return reduced(denominator - numerator, denominator);
}

export function isNone({ numerator }: Fraction): boolean {
  return numerator === 0n;
}

/** So many bits of a number hold the top, and as many the bottom. */
const HALF = 2 ** 26;

/** Tells fractions apart: a number, where both parts are small. */
export function fractionKey({ numerator, denominator }: Fraction): string | number {
  const bottom = Number(denominator);
  return bottom < HALF && numerator <= denominator
    ? Number(numerator) * HALF + bottom
    : `${numerator}/${denominator}`;
}

export function areEqual(a: Fraction, b: Fraction): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

/** Numbers are many times as fast as bigints, and hold most fractions exactly. */
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function reduced(numerator: bigint, denominator: bigint): Fraction {
  if (numerator === denominator) return ALL;
  if (numerator <= MAX_SAFE && denominator <= MAX_SAFE) {
    const [top, bottom] = [Number(numerator), Number(denominator)];
    let [divisor, rest] = [top, bottom];
    while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
    return { numerator: BigInt(top / divisor), denominator: BigInt(bottom / divisor) };
  }
  if (denominator > MAX_EXACT) return rounded(numerator, denominator);
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/** What there is of something remains more than nothing. */
function rounded(numerator: bigint, denominator: bigint): Fraction {
  const parts = (numerator << ROUNDED_BITS) / denominator;
  if (parts >= NEARLY_ALL) return ALL;
  return { numerator: parts === 0n && numerator > 0n ? 1n : parts, denominator: ROUNDED };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}

/** Below this, no two fractions are nearer to each other than probabilities of the kernel can be. */
const MAX_DENOMINATOR = 32_768;

/** What the kernel keeps of a probability: a multiple of this. */
const PROBABILITY_STEP = 2 ** -31;

interface SimpleFraction {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * The fraction that a probability stands for, after it was rounded to 10 decimals or to what the kernel keeps.
 * @returns undefined when no fraction with a small denominator is that near
 */
export function simpleFraction(probability: number): SimpleFraction | undefined {
  // Convergents of the continued fraction: each is nearer than any with a smaller denominator.
  let [before, current]: readonly [SimpleFraction, SimpleFraction] = [
    { numerator: 1, denominator: 0 },
    { numerator: Math.floor(probability), denominator: 1 },
  ];
  let rest = probability - Math.floor(probability);
  while (current.denominator <= MAX_DENOMINATOR) {
    if (Math.abs(probability - current.numerator / current.denominator) <= PROBABILITY_STEP) return current;
    const whole = Math.floor(1 / rest);
    rest = 1 / rest - whole;
    [before, current] = [
      current,
      {
        numerator: whole * current.numerator + before.numerator,
        denominator: whole * current.denominator + before.denominator,
      },
    ];
  }
  return undefined;
}
