import fc from 'fast-check';

/** Of the cases that are the same in every run. Any other would do. */
const SEED = 1;

interface Runs extends Omit<fc.Parameters<unknown>, 'seed'> {
  readonly numRuns: number;
  /** How many of them have the same cases each time. */
  readonly fixed: number;
}

interface Check extends Runs {
  /** Fails unless the fixed cases reached what the test is about. */
  readonly reached: () => void;
}

/**
 * Checks a property on cases that are the same in every run, then that these reached what the test is about, then the property on
 * random cases. Random cases reach it only most of the time, so nobody asks it of them.
 */
export async function checkFixedThenRandom<T>(
  property: fc.IRawProperty<T>,
  { fixed, numRuns, reached, ...others }: Check,
): Promise<void> {
  await fc.assert(property, { ...others, numRuns: fixed, seed: SEED });
  reached();
  await fc.assert(property, { ...others, numRuns: numRuns - fixed });
}
