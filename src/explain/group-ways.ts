import type { ExplainedStep, ExplainedWay } from './explanation.ts';

/** Ways that differ in nothing but their endpoint: at least one. */
export type WayGroup = readonly [ExplainedWay, ...ExplainedWay[]];

/** Puts ways together that end alike, for the same reasons, under the same conditions. */
export function groupWays(ways: readonly ExplainedWay[]): readonly WayGroup[] {
  return groupBy(ways, keyOf);
}

/** Items with the same key, in the order of the first of each. */
export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** Each endpoint may have rules of its own, which lead to it: those say nothing of its way. */
function keyOf({ result, alternatives, open, refusal, source, path, choice }: ExplainedWay): string {
  return JSON.stringify([
    result,
    alternatives,
    open,
    refusal?.reason,
    source,
    path.slice(choice).map(stepKey),
  ]);
}

function stepKey({ hook, place, effect }: ExplainedStep): readonly unknown[] {
  return [hook, place?.table, place?.chain, place?.rule, effect];
}
