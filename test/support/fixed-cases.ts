import type fc from 'fast-check';

/** Of the cases that are the same in every run. Any other would do. */
const SEED = 1;

interface Runs extends Omit<fc.Parameters<unknown>, 'seed'> {
  readonly numRuns: number;
  /** How many of them have the same cases each time. */
  readonly fixed: number;
}

/**
 * Parameters of two checks of one property: the first on cases that are the same in every run, the second on random ones. What the
 * first reaches is reached for certain, so that a test may ask for it. Random cases reach it only most of the time.
 */
export function fixedThenRandom({ fixed, numRuns, ...others }: Runs): readonly fc.Parameters<unknown>[] {
  return [
    { ...others, numRuns: fixed, seed: SEED },
    { ...others, numRuns: numRuns - fixed },
  ];
}
