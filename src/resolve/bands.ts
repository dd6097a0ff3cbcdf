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
 * The first free offset at or after the one that a hash names, going round in the upper band; in the lower band when
 * the upper one is full; undefined when both are.
 */
export function firstFree(
  { size, staticSize }: Bands,
  hash: number,
  isFree: (offset: number) => boolean,
): number | undefined {
  return probe(staticSize, size, hash, isFree) ?? probe(0, staticSize, hash, isFree);
}

function probe(
  from: number,
  to: number,
  hash: number,
  isFree: (offset: number) => boolean,
): number | undefined {
  const size = to - from;
  for (let step = 0; step < size; step += 1) {
    const offset = from + ((hash + step) % size);
    if (isFree(offset)) return offset;
  }
  return undefined;
}
