import { escapeText } from '../../diagnostic/escape.ts';
import { assertNever } from '../../diagnostic/invariant.ts';
import type { Colors } from '../../diagnostic/print-pretty.ts';
import { count, listNames } from '../../diagnostic/report.ts';
import { ALL, add, areEqual } from '../../lang/packet/fraction.ts';
import type { HostServer } from '../../lang/packet/host.ts';
import { groupBy } from '../../model/group-by.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { Connection, ExplainedWay, Explanation, SourceFate } from '../explanation.ts';
import { describeChooser } from '../verdict/describe-chooser.ts';
import { formatConditions } from '../ways/format-place.ts';
import { formatShare } from '../ways/format-share.ts';
import { formatDuration } from '../ways/session-affinity.ts';

interface ResultOptions {
  readonly colors: Colors;
  /** All endpoints and cases, however many. */
  readonly isVerbose: boolean;
}

interface Surroundings extends ResultOptions {
  readonly connection: Connection;
  readonly chooser: HostServer | undefined;
  /** All connections end alike: the verdict has said how. */
  readonly isSaid: boolean;
  /** All are on the way to one endpoint: the verdict has said to which. */
  readonly isAlone: boolean;
  /** What to do, as far as it was said above. */
  readonly advised: Set<string>;
}

/** What becomes of the connection and why, for each set of conditions, beneath the verdict. */
export function printResult(explanation: Explanation, options: ResultOptions): readonly string[] {
  const { colors } = options;
  const { connection, ways, chooser, affinitySeconds, remembered, knowsClients } = explanation;
  const all = groupBy(ways, (way) => formatConditions(way, 'with places') ?? '');
  // What differs in nothing but its source is told once.
  const isAlike = ways.every(isServed) && new Set(all.map(endpointsKey)).size === 1;
  const cases = isAlike ? all.slice(0, 1) : all;
  const isSaid = cases.length === 1 && (endKeys(ways).size === 1 || ways.every(isServed));
  const isAlone = new Set(ways.map(({ destination, port }) => joinHostPort(destination, port))).size === 1;
  const advised = new Set<string>();
  const surroundings = { connection, chooser, isSaid, isAlone, advised, ...options };
  const shown = options.isVerbose ? cases : cases.slice(0, MAX_CASES);
  const more = cases.length - shown.length;
  const lines = shown.flatMap((each) => {
    const endpoints = each.filter(isServed);
    const others = each.filter((way) => !isServed(way));
    const results = [...printEndpoints(endpoints, surroundings), ...printOthers(others, surroundings)];
    const conditions = formatConditions(each[0], options.isVerbose ? 'with places' : 'in short');
    if (conditions === undefined || isAlike) return results;
    return [`${colors.warning('if')} ${escapeText(conditions)}:`, ...results.map((line) => `  ${line}`)];
  });
  const sources = sourcesOf(ways.filter(isServed), connection.source);
  const others = more > 0 ? [`and ${count(more, 'more case')} (-v shows all)`] : [];
  const told = [
    ...lines,
    ...others,
    ...sources.map((line) => `${colors.strong('source')}${escapeText(line)}`),
  ];
  if (affinitySeconds === undefined) return told;
  const fate = knowsClients === true ? 'this client is new' : 'a new client is assumed';
  const self = remembered === undefined ? `; ${fate}` : ', and so does this client';
  const affinity = `who used this port in the last ${formatDuration(affinitySeconds)} goes where it went${self}`;
  return [...told, `${colors.strong('session affinity')}: ${affinity}`];
}

function isServed({ result }: ExplainedWay): boolean {
  return result === 'endpoint';
}

/** Tells ends apart that a verdict has different words for. */
function endKeys(ways: readonly ExplainedWay[]): ReadonlySet<string> {
  return new Set(
    ways.map(({ result, destination, port, refusal }) =>
      result === 'endpoint' ? `${destination} ${port}` : `${result} ${refusal?.reason}`,
    ),
  );
}

/** More than these fill a screen: -v and `--output json` have all. */
const MAX_LISTED = 8;
const MAX_CASES = 4;

/** The endpoints that may have the connection. */
function printEndpoints(
  ways: readonly ExplainedWay[],
  { chooser, colors, isSaid, isVerbose }: Surroundings,
): readonly string[] {
  const [first, second] = ways;
  if (first === undefined) return [];
  const title = colors.strong('goes to');
  if (second === undefined) {
    if (isSaid) return first.owner === undefined ? [] : [`  ${describeEndpoint(first)}`];
    const share = areEqual(first.share, ALL) ? '' : `${formatShare(first.share)} `;
    return [`${share}${title} ${describeEndpoint(first)}`];
  }
  const rows = ways
    .slice(0, isVerbose ? ways.length : MAX_LISTED)
    .map((way) => `  ${formatShare(way.share)}  ${describeEndpoint(way)}`);
  const more = ways.length - rows.length;
  return [
    ...(isSaid ? [] : [`${title} 1 of ${count(ways.length, 'endpoint')}, ${describeChooser(chooser)}:`]),
    ...rows,
    ...(more > 0 ? [`  and ${more} more (-v lists all)`] : []),
  ];
}

function sourcesOf(ways: readonly ExplainedWay[], client: string): readonly string[] {
  const endpoints = new Set(ways.map(describeEndpoint));
  const fates = new Set(ways.map((way) => `${describeEndpoint(way)} ${describeSource(way.source, client)}`));
  // An endpoint that may see one source or another: addresses of endpoints do not tell them apart.
  return fates.size > endpoints.size ? sourceCases(ways, client) : sourceLines(ways, client);
}

/** What endpoints see as the client: with their addresses where that is not the same for all. */
function sourceLines(ways: readonly ExplainedWay[], client: string): readonly string[] {
  const groups = groupBy(ways, (way) => describeSource(way.source, client));
  return groups.map((group) => {
    const fate = describeSource(group[0].source, client);
    const isUsual = group.length * 2 > ways.length;
    const who = new Set(group.map(({ destination, port }) => joinHostPort(destination, port)));
    return isUsual ? `: ${fate}` : ` at ${listNames([...who])}: ${fate}`;
  });
}

/** The same where that depends on what only the node can tell, and is the same for all endpoints. */
function sourceCases(ways: readonly ExplainedWay[], client: string): readonly string[] {
  return groupBy(ways, (way) => describeSource(way.source, client)).map((group) => {
    const when = new Set(group.flatMap((way) => formatConditions(way, 'in short') ?? []));
    const conditions = [...when].map((each) => `if ${each}`).join(', or ');
    return `: ${describeSource(group[0].source, client)}${conditions === '' ? '' : `, ${conditions}`}`;
  });
}

/** Which endpoints there are, and how likely. */
function endpointsKey(ways: readonly ExplainedWay[]): string {
  return JSON.stringify(ways.map((way) => `${formatShare(way.share)} ${describeEndpoint(way)}`).sort());
}

function describeEndpoint({ destination, port, owner }: ExplainedWay): string {
  const who = owner === undefined ? '' : `  ${escapeText(owner)}`;
  return `${joinHostPort(destination, port)}${who}`;
}

/** Ways that lead to no endpoint: who refuses them and why, or where they go instead. */
function printOthers(ways: readonly ExplainedWay[], surroundings: Surroundings): readonly string[] {
  const groups = groupBy(ways, ({ result, refusal, source }) =>
    JSON.stringify([result, refusal?.reason, source]),
  );
  return groups.flatMap((group) => {
    const [first, ...others] = group;
    const share = others.reduce((sum, way) => add(sum, way.share), first.share);
    const [line = '', ...more] = printGroup(group, surroundings);
    const title = areEqual(share, ALL) ? line : `${formatShare(share)} ${line}`;
    return [...(surroundings.isSaid ? [] : [title]), ...more];
  });
}

function printGroup(
  [first, ...others]: readonly [ExplainedWay, ...ExplainedWay[]],
  surroundings: Surroundings,
): readonly string[] {
  const { connection, colors, isAlone } = surroundings;
  const to = joinHostPort(first.destination, first.port);
  const isSent = !isAlone && (first.destination !== connection.destination || first.port !== connection.port);
  const way = isSent ? ` on the way to ${to}${others.length === 0 ? '' : ` and ${others.length} more`}` : '';
  const { refusal } = first;
  const whose = refusal?.owner === undefined ? '' : ` by ${escapeText(refusal.owner)}`;
  const why = refusal === undefined ? '' : `: ${escapeText(refusal.reason)}`;
  switch (first.result) {
    case 'rejected':
    case 'dropped':
      return [`${colors.error(first.result)}${whose}${way}${why}`, ...printRefusal(first, surroundings)];
    case 'unknown':
      return [
        `${colors.warning('unknown')}${way}${whose.replace(/^ by /, ' in rules of ')}${why}`,
        ...printRefusal(first, surroundings),
      ];
    case 'node':
      return [`${colors.warning('no rule of any Service matches')}: it goes to ${to} of the node`];
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

/** The rule that refuses it, and what to do about that. */
function printRefusal(
  { refusal }: ExplainedWay,
  { colors, advised }: Pick<Surroundings, 'colors' | 'advised'>,
): readonly string[] {
  const [place, ...others] = refusal?.places ?? [];
  const line = others.length === 0 || place?.line === undefined ? '' : `line ${place.line}: `;
  const rule = place?.rule === undefined ? [] : [colors.faint(`  ${line}${escapeText(place.rule)}`)];
  if (refusal?.advice === undefined) return rule;
  const { advice } = refusal;
  const words = advised.has(advice) ? 'as above' : advice;
  advised.add(advice);
  return [...rule, `  ${colors.label('to do')}: ${words}`];
}

/** What the other end sees as the client, and why. */
function describeSource(fate: SourceFate, client: string): string {
  if (fate.kind === 'kept') return `stays ${client}`;
  const to = fate.to ?? "the node's own";
  return `becomes ${to}${fate.why === undefined ? '' : `: ${fate.why}`}`;
}
