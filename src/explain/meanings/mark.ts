import type { Branch } from '../../lang/packet/rules.ts';

/** Chains that mark a packet: its source is to be rewritten. */
export const MARK_CHAIN = /^(?:KUBE-MARK-MASQ|mark-for-masquerade)$/;

/** The same, in a rule that has something else to do. */
const MARKS = /^mark or /;

/** Whether a rule asks for another source address, by way of a mark. */
export function asksForSource({ next, effect = '' }: Branch): boolean {
  return MARKS.test(effect) || ('chain' in next && MARK_CHAIN.test(next.chain));
}
