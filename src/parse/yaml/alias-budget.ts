/** How many values a document has, and how many of them stand behind aliases: go-yaml counts both. */
export interface AliasBudget {
  decoded: number;
  aliased: number;
}

const SMALL = 400_000;
const LARGE = 4_000_000;

/**
 * Whether aliases stand for more than go-yaml v2 allows: up to 99 % of a small document's values, 10 % of a large
 * one's, so that a few lines never become millions of values (the "billion laughs" attack).
 */
export function exceedsBudget({ decoded, aliased }: AliasBudget): boolean {
  if (aliased <= 100 || decoded <= 1000) return false;
  return aliased / decoded > allowedShare(decoded);
}

function allowedShare(decoded: number): number {
  if (decoded <= SMALL) return 0.99;
  if (decoded >= LARGE) return 0.1;
  return 0.99 - (0.89 * (decoded - SMALL)) / (LARGE - SMALL);
}
