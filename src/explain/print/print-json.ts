import { escapeJson } from '../../diagnostic/escape.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { Condition, ExplainedStep, ExplainedWay, Explanation } from '../explanation.ts';
import { formatShare, shareAsNumber } from '../ways/format-share.ts';

/**
 * One JSON object, described in docs/explain.md: the connection, the path that all ways share, and each way. Steps and
 * ways have a line each.
 */
export function printJsonExplanation(explanation: Explanation): string {
  const { connection, verdict, path, ways, chooser, affinitySeconds, remembered, notes } = explanation;
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
    ['remembered', JSON.stringify(remembered?.endpoint ?? null)],
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
