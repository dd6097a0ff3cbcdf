import { escapeJson, escapeText, guardLines } from '../diagnostic/escape.ts';
import type { Colors } from '../diagnostic/print-pretty.ts';
import { joinHostPort } from '../model/ip.ts';
import type { Condition, Connection, ExplainedStep, ExplainedWay, Explanation } from './explanation.ts';
import { formatConditions } from './format-place.ts';
import { formatShare, shareAsNumber } from './format-share.ts';
import { groupWays } from './group-ways.ts';
import { printResult } from './print-result.ts';

/** How much is told. */
export interface PrintOptions {
  readonly colors: Colors;
  /** Each rule as it is spelled, and every way: without it, an answer fits a screen. */
  readonly isVerbose: boolean;
}

/**
 * Text for people: the connection, what becomes of it and why, and the rules that decide, hook by hook. What comes from input
 * is escaped: the only control characters are newlines and those of `colors`.
 */
export function printPrettyExplanation(explanation: Explanation, options: PrintOptions): string {
  const { connection, notes } = explanation;
  const { colors } = options;
  const hints = notes.map((note) => `${colors.label('note:')} ${escapeText(note)}`);
  const lines = [
    headline(connection, colors),
    '',
    verdictLine(explanation, colors),
    ...detailed([...printResult(explanation, colors), ...hints]),
    '',
    ...printPaths(explanation, options),
  ];
  return guardLines(`${lines.join('\n')}\n`);
}

/** What follows the verdict is set off from it, if there is anything. */
function detailed(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

function verdictLine({ verdict }: Explanation, { strong, warning, error }: Colors): string {
  const paint = { served: strong, unserved: warning, mixed: warning, refused: error }[verdict.kind];
  return paint(escapeText(verdict.text));
}

/** More ways than these are counted. */
const MAX_PATHS = 3;

/** What all ways have in common, and then what is their own. */
function printPaths({ path, ways }: Explanation, options: PrintOptions): readonly string[] {
  const lines = [...printPath(path, options)];
  const groups = groupWays(ways).filter(([{ path: own }]) => own.length > 0);
  const shown = options.isVerbose ? groups : groups.slice(0, MAX_PATHS);
  for (const [example, ...others] of shown) {
    if (ways.length > 1) lines.push(options.colors.faint(groupTitle(example, others.length)));
    for (const line of printPath(example.path, options, path.at(-1)?.hook)) lines.push(line);
  }
  if (shown.length < groups.length)
    lines.push(`${groups.length - shown.length} more ways (-v shows all, and each rule)`);
  return lines.length === 0 ? ['no rule matches'] : lines;
}

const ORIGINS = {
  outside: 'from outside the node',
  pod: 'a pod of the node',
  node: 'the node itself',
} as const;

function headline(connection: Connection, { strong }: Colors): string {
  const { protocol, source, origin, client, destination, port, target } = connection;
  const to = strong(joinHostPort(destination, port));
  const what = target === undefined ? '' : ` (${escapeText(target)})`;
  const who = client === undefined ? ORIGINS[origin] : escapeText(client);
  return `${protocol.toUpperCase()} from ${strong(source)} (${who}) to ${to}${what}`;
}

function groupTitle(way: ExplainedWay, others: number): string {
  const to = joinHostPort(way.destination, way.port);
  const conditions = formatConditions(way, 'in short');
  const when = conditions === undefined ? '' : ` if ${escapeText(conditions)},`;
  const rest = others === 0 ? '' : `, and alike to ${others} other${others === 1 ? '' : 's'}`;
  return `then,${when} to ${to}${rest}`;
}

/** Steps below the names of their hooks. `hook` is the one that has been named already. */
function printPath(
  steps: readonly ExplainedStep[],
  options: PrintOptions,
  hook?: ExplainedStep['hook'],
): readonly string[] {
  const { strong } = options.colors;
  const lines: string[] = [];
  let current = hook;
  for (const step of steps) {
    if (step.hook === undefined) lines.push(`${strong('routing')}: ${escapeText(step.words ?? '')}`);
    else if (step.hook !== current) lines.push(strong(step.hook));
    if (step.hook !== undefined) for (const line of printStep(step, options)) lines.push(line);
    current = step.hook;
  }
  return lines;
}

function printStep(
  { place, effect, words, given }: ExplainedStep,
  { colors: { label, faint }, isVerbose }: PrintOptions,
): readonly string[] {
  if (place === undefined) return [`  ${escapeText(words ?? '')}`];
  const { table, chain, line, rule } = place;
  const when = given.length === 0 ? '' : ` if ${escapeText(given.join(' and '))}`;
  const reason = words === undefined ? '' : `: ${escapeText(words)}`;
  const head = `  ${escapeText(table)} ${label(escapeText(chain))} ${escapeText(effect)}${when}${reason}`;
  const number = line === undefined ? '' : `line ${line}`;
  if (rule === undefined) return [head];
  if (!isVerbose) return [number === '' ? head : `${head} ${faint(`(${number})`)}`];
  return [head, faint(`      ${number === '' ? '' : `${number}: `}${escapeText(rule)}`)];
}

/**
 * One JSON object, described in docs/explain.md: the connection, the path that all ways share, and each way. Steps and
 * ways have a line each.
 */
export function printJsonExplanation(explanation: Explanation): string {
  const { connection, verdict, path, ways, chooser, affinitySeconds, notes } = explanation;
  const { protocol, source, origin, client, destination, port, target } = connection;
  const head = {
    protocol,
    from: source,
    origin,
    client: client ?? null,
    to: joinHostPort(destination, port),
    target: target ?? null,
  };
  const members = [
    ['connection', JSON.stringify(head)],
    ['verdict', JSON.stringify(verdict)],
    ['path', list(path.map(stepOf))],
    ['ways', list(ways.map(wayOf))],
    ['scheduler', JSON.stringify(chooser?.scheduler ?? null)],
    ['sessionAffinitySeconds', JSON.stringify(affinitySeconds ?? null)],
    ['notes', JSON.stringify(notes)],
  ];
  return `{\n${members.map(([name, value]) => `  "${name}": ${escapeJson(value ?? '')}`).join(',\n')}\n}\n`;
}

function list(items: readonly object[]): string {
  if (items.length === 0) return '[]';
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}

function stepOf({ hook, place, effect, words, given }: ExplainedStep): object {
  return {
    hook: hook ?? 'routing',
    ...place,
    ...(effect === '' ? {} : { effect }),
    words,
    ...(given.length === 0 ? {} : { given }),
  };
}

function wayOf(way: ExplainedWay): object {
  const { share, result, destination, port, owner, refusal, source, alternatives, open, path } = way;
  return {
    share: formatShare(share),
    probability: shareAsNumber(share),
    result,
    to: joinHostPort(destination, port),
    owner,
    reason: refusal?.reason,
    refusedBy:
      refusal === undefined
        ? undefined
        : { owner: refusal.owner, rules: refusal.places, advice: refusal.advice },
    source:
      source.kind === 'kept' ? { rewritten: false } : { rewritten: true, to: source.to, why: source.why },
    conditions: alternatives.map((each) => each.map(conditionOf)),
    ...(open.length === 0 ? {} : { dependsOn: open }),
    path: path.map(stepOf),
  };
}

function conditionOf(condition: Condition): object {
  const { place } = condition;
  if (condition.kind === 'match') {
    const { unknown, holds } = condition;
    return { unknown, holds, ...place };
  }
  const { side, isOther, names, except } = condition;
  const unknown = side === 'in' ? '-i' : '-o';
  return { unknown, [isOther ? 'notIn' : 'in']: names, ...(except.length === 0 ? {} : { except }), ...place };
}
