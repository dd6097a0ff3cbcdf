import { escapeJson, escapeText, guardLines } from '../diagnostic/escape.ts';
import type { Colors } from '../diagnostic/print-pretty.ts';
import { joinHostPort } from '../model/ip.ts';
import type { Condition, Connection, ExplainedStep, ExplainedWay, Explanation } from './explanation.ts';
import { formatConditions } from './format-place.ts';
import { formatShare, shareAsNumber } from './format-share.ts';
import { groupWays } from './group-ways.ts';
import { printResult } from './print-result.ts';

/**
 * Text for people: the connection, the rules that decide hook by hook, and what becomes of it.
 *
 *     TCP from 10.244.1.9 (a pod of the node) to 10.96.0.80:80 (the clusterIP of default/web:http)
 *
 *     PREROUTING
 *       nat KUBE-SERVICES -> KUBE-SVC-LOLE4ISW44XBNF3G: it goes to the clusterIP of default/web:http
 *           -A KUBE-SERVICES -d 10.96.0.80/32 …
 *
 *     goes to 1 of 2 endpoints, by chance:
 *       1/2  10.244.1.5:8080  pod default/web-0
 *
 * What comes from input is escaped: the only control characters are newlines and those of `colors`.
 */
export function printPrettyExplanation(explanation: Explanation, colors: Colors): string {
  const { connection, path, ways, notes } = explanation;
  const lines = [headline(connection, colors), '', ...printPath(path, colors)];
  const groups = groupWays(ways);
  for (const [example, ...others] of groups) {
    if (example.path.length === 0) continue;
    if (ways.length > 1) lines.push(colors.faint(groupTitle(example, others.length)));
    lines.push(printPath(example.path, colors, path.at(-1)?.hook).join('\n'));
  }
  if (path.length === 0 && groups.every(([{ path: own }]) => own.length === 0)) lines.push('no rule matches');
  const result = printResult(explanation, colors);
  const hints = notes.map((note) => `${colors.label('note:')} ${escapeText(note)}`);
  return guardLines(`${[...lines, '', ...result, ...hints].join('\n')}\n`);
}

const ORIGINS = {
  outside: 'from outside the node',
  pod: 'a pod of the node',
  node: 'the node itself',
} as const;

function headline(connection: Connection, { strong }: Colors): string {
  const { protocol, source, origin, destination, port, target } = connection;
  const to = strong(joinHostPort(destination, port));
  const what = target === undefined ? '' : ` (${escapeText(target)})`;
  return `${protocol.toUpperCase()} from ${strong(source)} (${ORIGINS[origin]}) to ${to}${what}`;
}

function groupTitle(way: ExplainedWay, others: number): string {
  const to = joinHostPort(way.destination, way.port);
  const conditions = formatConditions(way);
  const when = conditions === undefined ? '' : ` if ${escapeText(conditions)},`;
  const rest = others === 0 ? '' : `, and alike to ${others} other${others === 1 ? '' : 's'}`;
  return `then,${when} to ${to}${rest}`;
}

/** Steps below the names of their hooks. `hook` is the one that has been named already. */
function printPath(
  steps: readonly ExplainedStep[],
  colors: Colors,
  hook?: ExplainedStep['hook'],
): readonly string[] {
  const lines: string[] = [];
  let current = hook;
  for (const step of steps) {
    if (step.hook === undefined) lines.push(`${colors.strong('routing')}: ${escapeText(step.words ?? '')}`);
    else if (step.hook !== current) lines.push(colors.strong(step.hook));
    if (step.hook !== undefined) for (const line of printStep(step, colors)) lines.push(line);
    current = step.hook;
  }
  return lines;
}

function printStep({ place, effect, words }: ExplainedStep, { label, faint }: Colors): readonly string[] {
  if (place === undefined) return [`  ${escapeText(words ?? '')}`];
  const { table, chain, line, rule } = place;
  const reason = words === undefined ? '' : `: ${escapeText(words)}`;
  const head = `  ${table} ${label(escapeText(chain))} ${escapeText(effect)}${reason}`;
  if (rule === undefined) return [head];
  const number = line === undefined ? '' : `line ${line}: `;
  return [head, faint(`      ${number}${escapeText(rule)}`)];
}

/**
 * One JSON object, described in docs/explain.md: the connection, the path that all ways share, and each way. Steps and
 * ways have a line each.
 */
export function printJsonExplanation(explanation: Explanation): string {
  const { connection, path, ways, scheduler, affinitySeconds, notes } = explanation;
  const { protocol, source, origin, destination, port, target } = connection;
  const head = {
    protocol,
    from: source,
    origin,
    to: joinHostPort(destination, port),
    target: target ?? null,
  };
  const members = [
    ['connection', JSON.stringify(head)],
    ['path', list(path.map(stepOf))],
    ['ways', list(ways.map(wayOf))],
    ['scheduler', JSON.stringify(scheduler ?? null)],
    ['sessionAffinitySeconds', JSON.stringify(affinitySeconds ?? null)],
    ['notes', JSON.stringify(notes)],
  ];
  return `{\n${members.map(([name, value]) => `  "${name}": ${escapeJson(value ?? '')}`).join(',\n')}\n}\n`;
}

function list(items: readonly object[]): string {
  if (items.length === 0) return '[]';
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}

function stepOf({ hook, place, effect, words }: ExplainedStep): object {
  return { hook: hook ?? 'routing', ...place, ...(effect === '' ? {} : { effect }), words };
}

function wayOf(way: ExplainedWay): object {
  const { share, result, destination, port, owner, reason, source, alternatives, open, path } = way;
  return {
    share: formatShare(share),
    probability: shareAsNumber(share),
    result,
    to: joinHostPort(destination, port),
    owner,
    reason,
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
