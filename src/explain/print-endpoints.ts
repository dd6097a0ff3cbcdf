import { escapeText } from '../diagnostic/escape-text.ts';
import { assertNever } from '../diagnostic/invariant.ts';
import type { Colors } from '../diagnostic/print-pretty.ts';
import { count, listNames } from '../diagnostic/report.ts';
import { joinHostPort } from '../model/ip.ts';
import type { IPVSScheduler } from '../model/ipvs-settings.ts';
import { describeSource } from './describe-source.ts';
import type { Connection, ExplainedWay } from './explanation.ts';
import { formatShare } from './format-share.ts';
import { groupBy } from './group-ways.ts';

/** More endpoints than these are counted: `--output json` has all. */
const MAX_LISTED = 20;

interface Surroundings {
  readonly connection: Connection;
  readonly scheduler: IPVSScheduler | undefined;
  readonly colors: Colors;
}

/** The endpoints that may have the connection, and what they see as its source. */
export function printEndpoints(
  ways: readonly ExplainedWay[],
  { connection: { source }, scheduler, colors }: Surroundings,
): readonly string[] {
  const [first, second] = ways;
  if (first === undefined) return [];
  const title = colors.strong('goes to');
  const sources = sourceLines(ways, source).map((line) => `${colors.strong('source')}${escapeText(line)}`);
  if (second === undefined) return [`${title} ${describeEndpoint(first)}`, ...sources];
  const rows = ways
    .slice(0, MAX_LISTED)
    .map((way) => `  ${formatShare(way.share)}  ${describeEndpoint(way)}`);
  const more = ways.length - rows.length;
  return [
    `${title} 1 of ${count(ways.length, 'endpoint')}, ${describeChooser(scheduler)}:`,
    ...rows,
    ...(more > 0 ? [`  and ${more} more (--output json lists all)`] : []),
    ...sources,
  ];
}

/** What endpoints see as the client: with their addresses where that is not the same for all. */
function sourceLines(ways: readonly ExplainedWay[], client: string): readonly string[] {
  const groups = groupBy(ways, (way) => describeSource(way.source, client));
  return groups.map((group) => {
    const fate = describeSource(group[0].source, client);
    const isUsual = group.length * 2 > ways.length;
    const who = group.map(({ destination, port }) => joinHostPort(destination, port));
    return isUsual ? `: ${fate}` : ` at ${listNames(who)}: ${fate}`;
  });
}

function describeEndpoint({ destination, port, owner }: ExplainedWay): string {
  const who = owner === undefined ? '' : `  ${escapeText(owner)}`;
  return `${joinHostPort(destination, port)}${who}`;
}

/** How IPVS chooses among real servers that all have the same weight; chance chooses elsewhere. */
function describeChooser(scheduler: IPVSScheduler | undefined): string {
  switch (scheduler) {
    case undefined:
      return 'by chance';
    case 'rr':
    case 'wrr':
      return `in turn (scheduler ${scheduler})`;
    case 'sh':
    case 'mh':
      return `by a hash of the client (scheduler ${scheduler})`;
    case 'dh':
      return `by a hash of the destination (scheduler ${scheduler})`;
    case 'lc':
    case 'wlc':
    case 'lblc':
    case 'lblcr':
    case 'sed':
    case 'nq':
      return `the least busy one (scheduler ${scheduler})`;
    default:
      return assertNever(scheduler);
  }
}
