import type { Rule } from '../../lang/iptables/ruleset.ts';
import type { NodeState } from '../../model/node-state.ts';
import { CHAINS } from './chains.ts';
import { COMMENTS } from './comments.ts';
import { comment, jump, RETURN } from './matches.ts';

/** Packets that come by are masqueraded when they leave. */
export const MARK_FOR_MASQUERADE = jump(CHAINS.markForMasquerade.name);

/** The packet mark that asks for masquerading, as an unsigned 32-bit number. */
export function masqueradeMark({ masqueradeBit }: Pick<NodeState, 'masqueradeBit'>): number {
  return (1 << masqueradeBit) >>> 0;
}

/** KUBE-MARK-MASQ: marks. */
export function markRules(state: NodeState): Rule[] {
  const mark = masqueradeMark(state);
  return [{ matches: [], action: { kind: 'set-mark', value: mark, mask: mark } }];
}

/**
 * KUBE-POSTROUTING: masquerades what is marked. The mark goes first, so that a packet that passes here again
 * (through an overlay network, say) is not masqueraded twice.
 */
export function postroutingRules(state: NodeState): Rule[] {
  const mark = masqueradeMark(state);
  return [
    { matches: [{ kind: 'mark', value: mark, mask: mark, negated: true }], action: RETURN },
    { matches: [], action: { kind: 'set-mark', value: mark, mask: 0 } },
    {
      matches: [comment(COMMENTS.masquerading)],
      action: { kind: 'masquerade', randomFully: true },
    },
  ];
}
