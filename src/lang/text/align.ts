/**
 * Which elements of two lists belong together, as pairs of indices that grow in both: for every element as often as both
 * lists have it, the longest such sequence. Takes n log n, however much differs.
 */
export function align(before: readonly string[], after: readonly string[]): ReadonlyMap<number, number> {
  const places = new Map<string, number[]>();
  for (const [index, each] of after.entries()) {
    const others = places.get(each);
    if (others === undefined) places.set(each, [index]);
    else others.push(index);
  }
  for (const indices of places.values()) indices.reverse();
  const pairs = before.flatMap((each, index): readonly Pair[] => {
    const partner = places.get(each)?.pop();
    return partner === undefined ? [] : [{ before: index, after: partner }];
  });
  return new Map(longestIncreasing(pairs).map(({ before: from, after: to }) => [from, to]));
}

interface Pair {
  readonly before: number;
  readonly after: number;
}

interface Link {
  readonly pair: Pair;
  readonly previous: Link | undefined;
}

/** Patience sorting: the ends of the best sequences of each length, by `after`. */
function longestIncreasing(pairs: readonly Pair[]): readonly Pair[] {
  const ends: Link[] = [];
  for (const pair of pairs) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle]?.pair.after ?? 0) < pair.after) low = middle + 1;
      else high = middle;
    }
    ends[low] = { pair, previous: ends[low - 1] };
  }
  const sequence: Pair[] = [];
  for (let link = ends.at(-1); link !== undefined; link = link.previous) sequence.push(link.pair);
  return sequence.reverse();
}
