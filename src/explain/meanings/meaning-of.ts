import type { Branch, TracedRule } from '../../lang/packet/rules.ts';
import { IPTABLES_MEANINGS } from './iptables.ts';
import { IPVS_MEANINGS } from './ipvs.ts';
import { nftablesMeaning } from './nftables.ts';
import { meaningWords } from './rule-meaning.ts';

/** A node has rules of both modes while one follows the other, and chains of one name mean the same in both. */
const OF_IPTABLES = [...IPTABLES_MEANINGS, ...IPVS_MEANINGS];

/** What a rule is for: of ours and kube-proxy's that is known, of others there is the comment, if anything. */
export function meaningOf(traced: TracedRule, branch: Branch): string | undefined {
  const { data, chain, comment } = traced;
  if (data.language === 'nftables') return nftablesMeaning(chain, data.rule, branch) ?? comment;
  for (const meaning of OF_IPTABLES) {
    const words = meaningWords(meaning, traced, { rule: data.rule, branch });
    if (words !== undefined) return words;
  }
  return comment;
}
