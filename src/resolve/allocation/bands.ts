/**
 * A range to allocate from, as offsets from 0 to `size - 1`. The lowest `staticSize` are left to values that people
 * choose by hand, as long as there are others.
 */
export interface Bands {
  readonly size: number;
  readonly staticSize: number;
}

/** How much of a range is for values chosen by hand: a fraction of it within limits, nothing of a tiny range. */
export function staticBandSize(
  size: number,
  { step, least, most }: { readonly step: number; readonly least: number; readonly most: number },
): number {
  return size <= least ? 0 : Math.min(Math.max(Math.floor(size / step), least), most);
}

/**
 * Offsets that were found taken, each with the next one that may be free. Kept from search to search: in a range that
 * fills up, every search would go through the same crowd again. Nothing may become free meanwhile.
 */
export type Skips = Map<number, number>;

/** The skips of one range of several. */
export function skipsOf<Range>(all: Map<Range, Skips>, range: Range): Skips {
  let skips = all.get(range);
  if (skips === undefined) {
    skips = new Map();
    all.set(range, skips);
  }
  return skips;
}

/**
 * The first free offset at or after the one that a hash names, going round in the upper band; in the lower band when
 * the upper one is full; undefined when both are.
 */
export function firstFree(
  { size, staticSize }: Bands,
  hash: number,
  { skips, isFree }: { readonly skips: Skips; readonly isFree: (offset: number) => boolean },
): number | undefined {
  for (const [from, to] of [
    [staticSize, size],
    [0, staticSize],
  ] as const) {
    if (from === to) continue;
    const found = nextFree(skips, { from: from + (hash % (to - from)), to }, isFree);
    if (found < to) return found;
    const wrapped = nextFree(skips, { from, to }, isFree);
    if (wrapped < to) return wrapped;
  }
  return undefined;
}

/** The first free offset of a stretch; its end when there is none. */
function nextFree(
  skips: Skips,
  { from, to }: { readonly from: number; readonly to: number },
  isFree: (offset: number) => boolean,
): number {
  const passed: number[] = [];
  let offset = from;
  while (offset < to) {
    const next = skips.get(offset) ?? (isFree(offset) ? offset : offset + 1);
    if (next === offset) break;
    passed.push(offset);
    offset = next;
  }
  for (const each of passed) skips.set(each, offset);
  return offset;
}
