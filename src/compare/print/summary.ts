import { count } from '../../diagnostic/report.ts';
import type { RuleCounts } from '../count-rules.ts';
import { touchesNothing } from '../count-rules.ts';
import type { RuleReport, TrafficReport } from '../report.ts';
import type { TrafficDiff } from '../traffic/traffic-diff.ts';

/** How many Services came, went and changed. */
export interface ServiceCounts {
  readonly added: number;
  readonly removed: number;
  readonly renamed: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** A Service that was renamed counts as that, whatever else changed. */
export function countServices({ services, unchanged }: TrafficDiff): ServiceCounts {
  const counts = { added: 0, removed: 0, renamed: 0, changed: 0, unchanged };
  for (const service of services) {
    if (service.kind !== 'changed') counts[service.kind] += 1;
    else if (service.previousName === undefined) counts.changed += 1;
    else counts.renamed += 1;
  }
  return counts;
}

/** `1 Service added, 2 changed (10 unchanged)`. */
export function summarizeServices(diff: TrafficDiff): string {
  const { unchanged, ...counts } = countServices(diff);
  const changes = list('Service', counts);
  return `${changes === '' ? 'no Service changes' : changes}${unchanged === 0 ? '' : ` (${unchanged} unchanged)`}`;
}

/** What it is on a node: `rules of a node (iptables mode): 3 chains added, …`. */
export function summarizeRules({ counts, setting }: RuleReport): string {
  return `rules of ${setting}: ${touchesNothing(counts) ? 'the same' : describeCounts(counts)}`;
}

function describeCounts({ chains, rules, elements }: RuleCounts): string {
  const parts = [list('chain', chains), list('rule', rules), list('element', elements)];
  return parts.filter((part) => part !== '').join('; ');
}

/** `2 chains added, 1 removed`. "": none at all. */
function list(noun: string, counts: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(counts).filter(([, number]) => number > 0);
  return kinds
    .map(([kind, number], index) => `${index === 0 ? count(number, noun) : number} ${kind}`)
    .join(', ');
}

const MOVES = 'what svcgen allocated has moved: with --lock FILE it stays where it is';
const NODE =
  'traffic that differs depends on the node: rules are counted for one without endpoints, --node NAME says another';

/** What to do next. */
export function hintsOf({ diff, rules, hasLock }: TrafficReport): readonly string[] {
  const moves = diff.services.some(
    (service) =>
      service.kind === 'changed' &&
      service.changes.some((change) => change.kind === 'value' && change.allocation === 'moves'),
  );
  return [...(moves && !hasLock ? [MOVES] : []), ...(rules?.dependsOnNode === true ? [NODE] : [])];
}
