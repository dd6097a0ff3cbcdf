/** Inputs that have shown a bug once, by what makes them again: `node scripts/fuzz.mjs FORMAT 1 SEED`. */
export const KNOWN_SEEDS: readonly (readonly [format: string, seed: number])[] = [];
