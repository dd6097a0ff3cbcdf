import type { ListedTable, NftSet } from '../ruleset.ts';
import type { RuleMap, RuleTable } from '../walk/load-table.ts';

/** Sets of clients that were at an endpoint not long ago, in all layouts; those of others hold what they hold. */
const AFFINITY = /^affinity-/;

/** A table of a node as packets meet it. */
export function ruleTable({ name, sets, chains }: ListedTable): RuleTable {
  const ruleSets: Pick<NftSet, 'name' | 'timeoutSeconds' | 'elements'>[] = [];
  const maps: RuleMap[] = [];
  for (const { name: own, contents, timeoutSeconds } of sets.values()) {
    if (contents === undefined) continue;
    if (contents.values === 'none') {
      const isFilled = timeoutSeconds !== undefined && AFFINITY.test(own);
      const timeout = isFilled ? { timeoutSeconds } : {};
      ruleSets.push({ name: own, ...timeout, elements: contents.elements });
    } else maps.push({ name: own, ...contents });
  }
  return { name, sets: ruleSets, maps, chains: chains.values() };
}
