import type { Condition, RulePlace } from './explanation.ts';

/** `filter FORWARD, line 12`. */
export function formatPlace({ table, chain, line }: RulePlace): string {
  return `${table} ${chain}${line === undefined ? '' : `, line ${line}`}`;
}

/** `"-i eth0" holds (filter FORWARD, line 12)`. */
export function formatCondition({ unknown, holds, place }: Condition): string {
  return `"${unknown}" ${holds ? 'holds' : 'does not hold'} (${formatPlace(place)})`;
}
