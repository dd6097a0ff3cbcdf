import type { NftRule } from '../../lang/nftables/ruleset.ts';
import type { Branch, TracedRule } from '../../lang/packet/rules.ts';
import { CHAINS } from '../../render/netfilter/chains.ts';
import { NFT_CHAINS } from '../../render/nftables/vocabulary.ts';

/** Whether a rule asks for another source address, by way of a mark. */
export function asksForSource({ data }: TracedRule, branch: Branch): boolean {
  if (data.language === 'nftables') return marksPacket(data.rule, branch);
  const { next } = branch;
  return 'chain' in next && next.chain === CHAINS.markForMasquerade.name;
}

/** The same of a rule of nftables, which leads to a chain that marks, or does it while it has something else to do. */
export function marksPacket({ statements }: NftRule, { next, effect }: Branch): boolean {
  if ('chain' in next && next.chain === NFT_CHAINS.mark.name) return true;
  return (
    effect !== undefined && statements.some((each) => each.kind === 'set-mark' && each.operator === 'or')
  );
}
