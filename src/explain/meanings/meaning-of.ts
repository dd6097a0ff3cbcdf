import type { Branch, TracedRule } from '../../lang/packet/rules.ts';
import { IPTABLES_MEANINGS } from './iptables.ts';
import { IPVS_MEANINGS } from './ipvs.ts';
import { wordsFor } from './meaning.ts';
import { NFTABLES_MEANINGS } from './nftables.ts';
import { wordsOf } from './rule-meaning.ts';

/** A node has rules of both modes while one follows the other, and chains of one name mean the same in both. */
const OF_IPTABLES = [...IPTABLES_MEANINGS, ...IPVS_MEANINGS];

/** What a rule is for: of ours and kube-proxy's that is known, of others there is the comment, if anything. */
export function meaningOf(traced: TracedRule, branch: Branch): string | undefined {
  const { data } = traced;
  const words =
    data.language === 'iptables'
      ? first(OF_IPTABLES, (meaning) => wordsOf(meaning, traced, { rule: data.rule, branch }))
      : first(NFTABLES_MEANINGS, (meaning) => wordsFor(meaning, traced, branch));
  return words ?? traced.comment;
}

/** What is found for the first item for which anything is. */
function first<Item>(items: readonly Item[], find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
