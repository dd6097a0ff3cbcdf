import { escapeText } from '../diagnostic/escape.ts';
import { assertNever } from '../diagnostic/invariant.ts';
import type { Colors } from '../diagnostic/print-pretty.ts';
import { count, listNames } from '../diagnostic/report.ts';
import { ALL, add, areEqual } from '../lang/packet/fraction.ts';
import { joinHostPort } from '../model/ip.ts';
import type { IPVSScheduler } from '../model/ipvs-settings.ts';
import type { Connection, ExplainedWay, Explanation, SourceFate } from './explanation.ts';
import { formatConditions } from './format-place.ts';
import { formatShare } from './format-share.ts';
import { groupBy } from './group-ways.ts';

interface Surroundings {
  readonly connection: Connection;
  readonly scheduler: IPVSScheduler | undefined;
  readonly colors: Colors;
}

/** What becomes of the connection, for each set of conditions. */
export function printResult(explanation: Explanation, colors: Colors): readonly string[] {
  const { connection, ways, scheduler, affinitySeconds } = explanation;
  const cases = groupBy(ways, ({ alternatives, open }) => JSON.stringify([alternatives, open]));
  const lines = cases.flatMap((all) => {
    const conditions = formatConditions(all[0]);
    const endpoints = all.filter(({ result }) => result === 'endpoint');
    const others = all.filter(({ result }) => result !== 'endpoint');
    const surroundings = { connection, scheduler, colors };
    const results = [...printEndpoints(endpoints, surroundings), ...printOthers(others, surroundings)];
    if (conditions === undefined) return results;
    return [`${colors.warning('if')} ${escapeText(conditions)}:`, ...results.map((line) => `  ${line}`)];
  });
  if (affinitySeconds === undefined) return lines;
  const affinity = `a client that came in the last ${formatDuration(affinitySeconds)} goes where it went; this is a new one`;
  return [...lines, `${colors.strong('session affinity')}: ${affinity}`];
}

/** More endpoints than these are counted: `--output json` has all. */
const MAX_LISTED = 20;

/** The endpoints that may have the connection, and what they see as its source. */
function printEndpoints(
  ways: readonly ExplainedWay[],
  { connection: { source }, scheduler, colors }: Surroundings,
): readonly string[] {
  const [first, second] = ways;
  if (first === undefined) return [];
  const title = colors.strong('goes to');
  const sources = sourceLines(ways, source).map((line) => `${colors.strong('source')}${escapeText(line)}`);
  if (second === undefined) {
    const share = areEqual(first.share, ALL) ? '' : `${formatShare(first.share)} `;
    return [`${share}${title} ${describeEndpoint(first)}`, ...sources];
  }
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

/** Ways that lead to no endpoint: who refuses them and why, or where they go instead. */
function printOthers(ways: readonly ExplainedWay[], surroundings: Surroundings): readonly string[] {
  const groups = groupBy(ways, ({ result, reason, source }) => JSON.stringify([result, reason, source]));
  return groups.flatMap((group) => {
    const [first, ...others] = group;
    const share = others.reduce((sum, way) => add(sum, way.share), first.share);
    const [line = '', ...more] = printGroup(group, surroundings);
    return [areEqual(share, ALL) ? line : `${formatShare(share)} ${line}`, ...more];
  });
}

function printGroup(
  [first, ...others]: readonly [ExplainedWay, ...ExplainedWay[]],
  { connection, colors }: Surroundings,
): readonly string[] {
  const why = first.reason === undefined ? '' : `: ${escapeText(first.reason)}`;
  const to = joinHostPort(first.destination, first.port);
  const isSent = first.destination !== connection.destination || first.port !== connection.port;
  const way = isSent ? ` on the way to ${to}${others.length === 0 ? '' : ` and ${others.length} more`}` : '';
  switch (first.result) {
    case 'rejected':
    case 'dropped':
      return [`${colors.error(first.result)}${way}${why}`];
    case 'unknown':
      return [`${colors.warning('unknown')}${way}${why}`];
    case 'node':
      return [
        `${colors.warning('no rule of any Service matches')}: it goes to what listens on ${to} of the node, if anything`,
      ];
    case 'elsewhere': {
      const source = describeSource(first.source, connection.source);
      return [
        `${colors.warning('no rule of any Service matches')}: it goes on to ${to} as it is`,
        ...(first.source.kind === 'kept' ? [] : [`${colors.strong('source')}: ${escapeText(source)}`]),
      ];
    }
    case 'endpoint':
      return [];
    default:
      return assertNever(first.result);
  }
}

/** `3 hours`, `90 seconds`. */
function formatDuration(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return count(seconds / 3600, 'hour');
  if (seconds >= 60 && seconds % 60 === 0) return count(seconds / 60, 'minute');
  return count(seconds, 'second');
}

/** What the other end sees as the client, and why. */
function describeSource(fate: SourceFate, client: string): string {
  if (fate.kind === 'kept') return `stays ${client}`;
  const to = fate.to ?? 'the address of the node on the way out';
  return `becomes ${to}${fate.why === undefined ? '' : `: ${fate.why}`}`;
}
