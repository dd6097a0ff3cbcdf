/** Below this, no two fractions are nearer to each other than probabilities of the kernel can be. */
const MAX_DENOMINATOR = 32_768;

/** What the kernel keeps of a probability: a multiple of this. */
const PROBABILITY_STEP = 2 ** -31;

export interface SimpleFraction {
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
