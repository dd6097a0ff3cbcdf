import { escapeJson } from '../diagnostic/escape-text.ts';
import { joinHostPort } from '../model/ip.ts';
import type { Condition, ExplainedStep, ExplainedWay, Explanation } from './explanation.ts';
import { formatShare, shareAsNumber } from './format-share.ts';

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
  const { share, result, destination, port, owner, reason, source, conditions, path } = way;
  return {
    share: formatShare(share),
    probability: shareAsNumber(share),
    result,
    to: joinHostPort(destination, port),
    owner,
    reason,
    source:
      source.kind === 'kept' ? { rewritten: false } : { rewritten: true, to: source.to, why: source.why },
    conditions: conditions.map(conditionOf),
    path: path.map(stepOf),
  };
}

function conditionOf({ unknown, holds, place }: Condition): object {
  return { unknown, holds, ...place };
}
