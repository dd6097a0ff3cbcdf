import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Rule } from '../../lang/iptables/ruleset.ts';
import type { Branch, TracedRule } from '../../lang/packet/rules.ts';
import { IPTABLES_MEANINGS } from '../../render/iptables/meanings.ts';
import { IPTABLES_CHAINS } from '../../render/iptables/vocabulary.ts';
import { IPVS_MEANINGS } from '../../render/ipvs/meanings.ts';
import { CHAINS, type NamedChain } from '../../render/netfilter/chains.ts';
import { labelIn } from '../../render/netfilter/comments.ts';
import { type RuleMeaning, SHARED_MEANINGS } from '../../render/netfilter/rule-meaning.ts';
import { knownSet } from '../../render/netfilter/sets.ts';
import { marksPacket, nftablesMeaning } from '../../render/nftables/meanings.ts';
import { TABLE_NAME } from '../../render/nftables/vocabulary.ts';
import { knownChain } from '../../render/own-chains.ts';

/** A node has rules of both modes while one follows the other, and chains of one name mean the same in both. */
const MEANINGS = [...IPTABLES_MEANINGS, ...IPVS_MEANINGS, ...SHARED_MEANINGS];

/** What a rule is for: of ours and kube-proxy's that is known, of others there is the comment, if anything. */
export function meaningOf(traced: TracedRule, branch: Branch): string | undefined {
  const { data, table, chain, comment } = traced;
  if (data.language === 'nftables')
    return (table === TABLE_NAME ? nftablesMeaning(chain, data.rule, branch) : undefined) ?? comment;
  for (const meaning of MEANINGS) {
    const words = meaningWords(meaning, traced, { rule: data.rule, branch });
    if (words !== undefined) return words;
  }
  // Its comment says where the next rule sends it.
  const isChoice = isOneOf(
    [IPTABLES_CHAINS.endpoint],
    'chain' in branch.next ? branch.next.chain : undefined,
  );
  return isChoice ? undefined : comment;
}

/** The words, when the rule is of this kind. */
function meaningWords(
  meaning: RuleMeaning,
  { chain, comment = '' }: TracedRule,
  { rule, branch }: { readonly rule: Rule; readonly branch: Branch },
): string | undefined {
  const { words, asks } = meaning;
  const label = meaning.comment === undefined ? '' : labelIn(meaning.comment, comment);
  const fits =
    label !== undefined &&
    isOneOf(meaning.chains, chain) &&
    isOneOf(meaning.leadsTo, 'chain' in branch.next ? branch.next.chain : undefined) &&
    (meaning.does === undefined || (branch.effect !== undefined && rule.action?.kind === meaning.does)) &&
    (asks === undefined || rule.matches.some(asks)) &&
    (meaning.looksInto === undefined || rule.matches.some((match) => looksInto(match, meaning)));
  return fits ? words.replace('$1', () => label) : undefined;
}

function isOneOf(wanted: readonly NamedChain[] | undefined, name: string | undefined): boolean {
  if (wanted === undefined) return true;
  const known = name === undefined ? undefined : knownChain(name);
  return known !== undefined && wanted.includes(known);
}

function looksInto(match: Match, { looksInto: sets = [], side }: RuleMeaning): boolean {
  if (match.kind !== 'set') return false;
  const set = knownSet(match.name);
  return set !== undefined && sets.includes(set.name) && (side === undefined || match.dimensions[0] === side);
}

/** Whether a rule asks for another source address, by way of a mark. */
export function asksForSource({ data }: TracedRule, branch: Branch): boolean {
  if (data.language === 'nftables') return marksPacket(data.rule, branch);
  const { next } = branch;
  return 'chain' in next && next.chain === CHAINS.markForMasquerade.name;
}
