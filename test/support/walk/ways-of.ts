import { itemsOf } from '../../../src/lang/packet/way.ts';
import type { Diagram } from '../../../src/trace/diagram.ts';
import { type FollowedWay, follow } from '../../../src/trace/follow.ts';

/** The ways of a packet, of rules that do not make too many. */
export function waysOf(...args: Parameters<typeof follow>): readonly FollowedWay[] {
  const followed = follow(...args);
  if (followed.kind === 'too-many') throw new Error('there are too many ways');
  return followed.ways;
}

/** What a way depends on, one alternative each: `in=eth0`, `not -m string …`; none: it is always taken. */
export function conditionsOf({ when }: FollowedWay): readonly string[] {
  return alternativesOf(when).map((each) => each.join(' and '));
}

function alternativesOf(diagram: Diagram): readonly (readonly string[])[] {
  if (diagram.kind === 'share') return diagram.share.numerator === 0n ? [] : [[]];
  const { question, cases, rest } = diagram;
  const name = question.about === 'match' ? question.text : question.about.replace('-interface', '');
  const spell = (answer: string) => (question.about === 'match' ? name : `${name}=${answer}`);
  const inner = (next: Diagram, condition: string) =>
    alternativesOf(next).map((each) => [condition, ...each]);
  return [
    ...[...cases].flatMap(([answer, next]) => inner(next, spell(answer))),
    ...inner(rest, `not ${[...cases.keys()].map(spell).join('|')}`),
  ];
}

/** The rules that decided, in their order. */
export function rulesOf({ steps }: FollowedWay): readonly string[] {
  return itemsOf(steps).flatMap((step) => (step.kind === 'rule' ? [step.rule.text()] : []));
}
