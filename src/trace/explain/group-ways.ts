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

function keyOf({ result, conditions, reason, source, path }: ExplainedWay): string {
  const steps = path.filter((step) => !choosesEndpoint(step)).map(stepKey);
  return JSON.stringify([result, conditions, reason, source, steps]);
}

/** Each endpoint has rules of its own in the nat table: those say nothing of its way. */
function choosesEndpoint({ hook, place }: ExplainedStep): boolean {
  return (hook === 'PREROUTING' || hook === 'OUTPUT') && (place === undefined || place.table === 'nat');
}

function stepKey({ hook, place, effect }: ExplainedStep): readonly unknown[] {
  return [hook, place?.table, place?.chain, place?.rule, effect];
}
