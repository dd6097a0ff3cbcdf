import { escapeText } from '../../diagnostic/escape-text.ts';
import { assertNever } from '../../diagnostic/invariant.ts';
import type { Colors } from '../../diagnostic/print-pretty.ts';
import { count } from '../../diagnostic/report.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { Condition, Connection, ExplainedWay, Explanation, SourceFate } from './explanation.ts';
import { formatDuration } from './format-duration.ts';
import { formatShare } from './format-share.ts';
import { groupBy } from './group-ways.ts';

/** More endpoints than these are counted: `--output json` has all. */
const MAX_LISTED = 20;

/** What becomes of the connection, for each set of conditions. */
export function printResult(
  { connection, ways, affinitySeconds }: Explanation,
  colors: Colors,
): readonly string[] {
  const cases = groupBy(ways, ({ conditions }) => JSON.stringify(conditions));
  const lines = cases.flatMap(([first, ...others]) => {
    const results = printCase([first, ...others], connection, colors);
    if (first.conditions.length === 0) return results;
    return [printConditions(first.conditions, colors), ...results.map((line) => `  ${line}`)];
  });
  if (affinitySeconds === undefined) return lines;
  const affinity = `a client that came in the last ${formatDuration(affinitySeconds)} goes where it went; this is a new one`;
  return [...lines, `${colors.strong('session affinity')}: ${affinity}`];
}

function printConditions(conditions: readonly Condition[], colors: Colors): string {
  const parts = conditions.map(({ unknown, holds, place: { table, chain, line } }) => {
    const where = line === undefined ? '' : `, line ${line}`;
    return `${escapeText(unknown)} ${holds ? 'holds' : 'does not hold'} (${table} ${escapeText(chain)}${where})`;
  });
  return `${colors.warning('if')} ${parts.join(' and ')}:`;
}

function printCase(ways: readonly ExplainedWay[], connection: Connection, colors: Colors): readonly string[] {
  const endpoints = ways.filter(({ result }) => result === 'endpoint');
  const rest = groupBy(
    ways.filter(({ result }) => result !== 'endpoint'),
    ({ result, reason, source }) => JSON.stringify([result, reason, source]),
  );
  return [
    ...printEndpoints(endpoints, connection, colors),
    ...rest.flatMap(([way, ...others]) =>
      printOther(way, { isOnly: ways.length === 1 + others.length, connection, colors }),
    ),
  ];
}

function printEndpoints(
  ways: readonly ExplainedWay[],
  { source }: Connection,
  colors: Colors,
): readonly string[] {
  const [first, second] = ways;
  if (first === undefined) return [];
  const fates = new Set(ways.map((way) => describeSource(way.source, source)));
  const isMixed = fates.size > 1;
  const sources = isMixed ? [] : [...fates].map((fate) => `${colors.strong('source')}: ${escapeText(fate)}`);
  if (second === undefined) {
    return [
      `${colors.strong('goes to')} ${joinHostPort(first.destination, first.port)}${ownerOf(first)}`,
      ...sources,
    ];
  }
  const rows = ways.slice(0, MAX_LISTED).map((way) => {
    const note =
      isMixed && way.source.kind === 'rewritten' ? `  source ${describeSource(way.source, source)}` : '';
    return `  ${formatShare(way.share)}  ${joinHostPort(way.destination, way.port)}${ownerOf(way)}${escapeText(note)}`;
  });
  const more = ways.length - rows.length;
  return [
    `${colors.strong('goes to')} 1 of ${count(ways.length, 'endpoint')}, by chance:`,
    ...rows,
    ...(more > 0 ? [`  and ${more} more (--output json lists all)`] : []),
    ...sources,
  ];
}

function ownerOf({ owner }: ExplainedWay): string {
  return owner === undefined ? '' : `  ${escapeText(owner)}`;
}

function describeSource(fate: SourceFate, client: string): string {
  if (fate.kind === 'kept') return `stays ${client}`;
  const to = fate.to ?? 'the address of the node on the way out';
  return `becomes ${to}${fate.why === undefined ? '' : `: ${fate.why}`}`;
}

interface Surroundings {
  readonly isOnly: boolean;
  readonly connection: Connection;
  readonly colors: Colors;
}

function printOther(way: ExplainedWay, { isOnly, connection, colors }: Surroundings): readonly string[] {
  const share = isOnly ? '' : `${formatShare(way.share)} `;
  const why = way.reason === undefined ? '' : `: ${escapeText(way.reason)}`;
  const to = joinHostPort(way.destination, way.port);
  switch (way.result) {
    case 'rejected':
      return [`${share}${colors.error('rejected')}${why}`];
    case 'dropped':
      return [`${share}${colors.error('dropped')}${why}`];
    case 'unknown':
      return [`${share}${colors.warning('unknown')}${why}`];
    case 'node':
      return [
        `${share}${colors.warning('no rule of any Service matches')}: it goes to whatever listens on ${to} of the node`,
      ];
    case 'elsewhere':
      return [
        `${share}${colors.warning('no rule of any Service matches')}: it goes on to ${to} as it is`,
        ...(way.source.kind === 'kept'
          ? []
          : [`${colors.strong('source')}: ${escapeText(describeSource(way.source, connection.source))}`]),
      ];
    case 'endpoint':
      return [];
    default:
      return assertNever(way.result);
  }
}
