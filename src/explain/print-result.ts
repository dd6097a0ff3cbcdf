import { escapeText } from '../diagnostic/escape-text.ts';
import type { Colors } from '../diagnostic/print-pretty.ts';
import type { Condition, Explanation } from './explanation.ts';
import { formatDuration } from './format-duration.ts';
import { formatCondition } from './format-place.ts';
import { groupBy } from './group-ways.ts';
import { printEndpoints } from './print-endpoints.ts';
import { printOthers } from './print-others.ts';

/** What becomes of the connection, for each set of conditions. */
export function printResult(explanation: Explanation, colors: Colors): readonly string[] {
  const { connection, ways, scheduler, affinitySeconds } = explanation;
  const cases = groupBy(ways, ({ conditions }) => JSON.stringify(conditions));
  const lines = cases.flatMap((all) => {
    const [{ conditions }] = all;
    const endpoints = all.filter(({ result }) => result === 'endpoint');
    const others = all.filter(({ result }) => result !== 'endpoint');
    const results = [
      ...printEndpoints(endpoints, { connection, scheduler, colors }),
      ...printOthers(others, { connection, colors, hasEndpoints: endpoints.length > 0 }),
    ];
    if (conditions.length === 0) return results;
    return [printConditions(conditions, colors), ...results.map((line) => `  ${line}`)];
  });
  if (affinitySeconds === undefined) return lines;
  const affinity = `a client that came in the last ${formatDuration(affinitySeconds)} goes where it went; this is a new one`;
  return [...lines, `${colors.strong('session affinity')}: ${affinity}`];
}

/** What only the node can tell, and where that is asked. */
function printConditions(conditions: readonly Condition[], colors: Colors): string {
  return `${colors.warning('if')} ${escapeText(conditions.map(formatCondition).join(' and '))}:`;
}
