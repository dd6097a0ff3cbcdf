import type { Branch, TracedRule } from '../../lang/packet/rules.ts';
import { IPTABLES_MEANINGS } from './iptables.ts';
import { IPVS_MEANINGS } from './ipvs.ts';
import { wordsFor } from './meaning.ts';
import { NFTABLES_MEANINGS } from './nftables.ts';

/** The first that fits counts. */
const MEANINGS = [...IPTABLES_MEANINGS, ...IPVS_MEANINGS, ...NFTABLES_MEANINGS];

/** What a rule is for: of ours and kube-proxy's that is known, of others there is the comment, if anything. */
export function meaningOf(rule: TracedRule, branch: Branch): string | undefined {
  for (const meaning of MEANINGS) {
    const words = wordsFor(meaning, rule, branch);
    if (words !== undefined) return words;
  }
  return rule.comment;
}
