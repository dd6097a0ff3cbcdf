import type { Branch } from '../../lang/packet/rules.ts';
import { CHAINS } from '../../render/netfilter/chains.ts';

/** The chain of nftables mode that marks a packet: its source is to be rewritten. */
export const MARK_CHAIN = /^mark-for-masquerade$/;

/** The same, in a rule that has something else to do. */
const MARKS = /^mark or /;

/** Whether a rule asks for another source address, by way of a mark. */
export function asksForSource({ next, effect = '' }: Branch): boolean {
  if (MARKS.test(effect)) return true;
  return 'chain' in next && (next.chain === CHAINS.markForMasquerade.name || MARK_CHAIN.test(next.chain));
}
