import { groupBy } from '../../model/group-by.ts';
import type { ExplainedStep, ExplainedWay } from '../explanation.ts';

/** Ways that differ in nothing but their endpoint: at least one. */
export type WayGroup = readonly [ExplainedWay, ...ExplainedWay[]];

/** Puts ways together that end alike, for the same reasons, under the same conditions. */
export function groupWays(ways: readonly ExplainedWay[]): readonly WayGroup[] {
  return groupBy(ways, keyOf);
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
