/** Pearson's test of an even spread: the probability that chance alone makes counts at least this uneven. */
export function probabilityOfSpread(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const unevenness = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return probabilityOfUnevenness(unevenness, counts.length - 1);
}

/**
 * The tail of the chi-squared distribution. It has a closed form for even degrees of freedom: with odd ones, those of one
 * more, which says a little too much.
 */
export function probabilityOfUnevenness(unevenness: number, freedom: number): number {
  const half = unevenness / 2;
  let term = Math.exp(-half);
  let tail = 0;
  for (let i = 0; i < freedom / 2; i++) {
    tail += term;
    term *= half / (i + 1);
  }
  return tail;
}
