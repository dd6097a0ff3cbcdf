/**
 * Pearson's test of an even spread: the probability that chance alone makes counts at least this uneven.
 * For an odd number of classes, where the tail of the chi-squared distribution has a closed form.
 */
export function probabilityOfSpread(counts: readonly number[]): number {
  const freedom = counts.length - 1;
  if (freedom % 2 !== 0) throw new RangeError('needs an odd number of counts');
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const half = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / 2;
  let term = Math.exp(-half);
  let tail = 0;
  for (let i = 0; i < freedom / 2; i++) {
    tail += term;
    term *= half / (i + 1);
  }
  return tail;
}
