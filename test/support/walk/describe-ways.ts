import { itemsOf } from '../../../src/lang/packet/way.ts';
import { joinHostPort } from '../../../src/model/ip.ts';
import type { FollowedWay } from '../../../src/trace/follow.ts';
import { conditionsOf } from './ways-of.ts';

/** All there is to know of the ways of a packet, but for how rules are spelled. */
export function describeWays(outcomes: readonly FollowedWay[]): readonly string[] {
  return outcomes.map((way) => {
    const { end, packet, share, steps } = way;
    const { destination, port, mark, rewrittenSource = 'kept', affinitySeconds = 0 } = packet;
    const path = itemsOf(steps).map((step) =>
      step.kind === 'rule' ? `${step.hook} ${step.rule.chain} ${step.branch.effect}` : step.kind,
    );
    return [
      `${share.numerator}/${share.denominator} ${JSON.stringify(end)} ${joinHostPort(destination, port)}`,
      `source ${rewrittenSource}, mark ${mark}, remembered ${affinitySeconds}`,
      `when ${JSON.stringify(conditionsOf(way))}`,
      ...path,
    ].join('\n');
  });
}
