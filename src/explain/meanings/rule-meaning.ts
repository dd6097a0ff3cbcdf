import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Rule } from '../../lang/iptables/ruleset.ts';
import type { Action } from '../../lang/iptables/targets/action.ts';
import type { Branch, TracedRule } from '../../lang/packet/rules.ts';
import type { ChainId } from '../../render/netfilter/chains.ts';
import { type CommentId, labelIn } from '../../render/netfilter/comments.ts';
import { knownChain } from '../../render/netfilter/own-chains.ts';
import { knownSet, type SetName } from '../../render/netfilter/sets.ts';

/** A kind of rule of iptables, ours or kube-proxy's, and what it is for. All that it asks for must be there. */
export interface RuleMeaning {
  /** The chains that it is in; left out: any. */
  readonly chains?: readonly ChainId[];
  readonly comment?: CommentId;
  /** The chains that it leads to. */
  readonly leadsTo?: readonly ChainId[];
  /** What it does with packets that it matches. */
  readonly does?: Action['kind'];
  readonly asks?: (match: Match) => boolean;
  /** Looks an address and port up in one of these sets. */
  readonly looksInto?: readonly SetName[];
  /** Which address it looks up there. */
  readonly side?: 'src' | 'dst';
  /** `$1` stands for the port of a Service that the comment is about. */
  readonly words: string;
}

/** The words, when the rule is of this kind. */
export function meaningWords(
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

function isOneOf(wanted: readonly ChainId[] | undefined, name: string | undefined): boolean {
  if (wanted === undefined) return true;
  const known = name === undefined ? undefined : knownChain(name);
  return known !== undefined && wanted.includes(known.id);
}

function looksInto(match: Match, { looksInto: sets = [], side }: RuleMeaning): boolean {
  if (match.kind !== 'set') return false;
  const set = knownSet(match.name);
  return set !== undefined && sets.includes(set.name) && (side === undefined || match.dimensions[0] === side);
}

/** It counts packets. */
export function counts({ kind }: Match): boolean {
  return kind === 'counter';
}

/** The client is told by its address or interface, and is another one. */
export function excludesClients(match: Match): boolean {
  return (match.kind === 'source' || match.kind === 'in-interface') && match.negated === true;
}
