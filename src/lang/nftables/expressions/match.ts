import { negate } from '../../packet/holds.ts';
import type { Words } from '../elements/words.ts';
import type { NftFamily } from '../family.ts';
import { BITS, type BitsMatch } from './bits.ts';
import { NFT_CHANCE, type NftChanceMatch } from './chance.ts';
import {
  IN_SET,
  type InSetMatch,
  L4PROTO,
  NFT_ADDRESS,
  NFT_PORT,
  type NftAddressMatch,
  type NftPortMatch,
  type NftProtocolMatch,
} from './comparison.ts';
import { CT_STATE, CT_STATUS_DNAT, type CtDnatMatch, type CtStateMatch } from './conntrack.ts';
import type { NftMatchKind, PreparedMatch, RuleScope, Surroundings } from './expression.ts';
import { FIB, type FibMatch } from './fib.ts';
import { IIFNAME, META_MARK, type NftInterfaceMatch, type NftMarkMatch, OIFNAME } from './meta.ts';
import { UNKNOWN_MATCH, type UnknownPart } from './unknown.ts';

/** What a rule asks about a packet. */
export type NftMatch =
  | NftAddressMatch
  | InSetMatch
  | NftProtocolMatch
  | NftPortMatch
  | NftInterfaceMatch
  | NftMarkMatch
  | CtStateMatch
  | CtDnatMatch
  | BitsMatch
  | FibMatch
  | NftChanceMatch
  | UnknownPart;

type Kind = NftMatch['kind'];
type ByKind = { readonly [M in NftMatch as M['kind']]: M };
type MatchOf<K extends Kind> = ByKind[K] & { readonly kind: K };

/** All kinds, with what is known of them. */
const KINDS: { readonly [K in Kind]: NftMatchKind<ByKind[K], NftMatch> } = {
  address: NFT_ADDRESS,
  'in-set': IN_SET,
  l4proto: L4PROTO,
  dport: NFT_PORT,
  'in-interface': IIFNAME,
  'out-interface': OIFNAME,
  mark: META_MARK,
  'ct-state': CT_STATE,
  'ct-status-dnat': CT_STATUS_DNAT,
  // Behind those that have a kind of their own.
  bits: BITS,
  'local-address': FIB,
  chance: NFT_CHANCE,
  unknown: UNKNOWN_MATCH,
};

const READERS = Object.values(KINDS).flatMap(({ take }) => take ?? []);

export function printNftMatch<K extends Kind>(match: MatchOf<K>, family: NftFamily): string {
  return KINDS[match.kind].print(match, family);
}

/** Reads what a rule asks next. @returns undefined when that is not understood, or is no match */
export function takeMatch(words: Words, scope: RuleScope): readonly NftMatch[] | undefined {
  const start = words.at;
  for (const take of READERS) {
    const matches = take(words, scope);
    if (matches !== undefined) return matches;
    words.at = start;
  }
  return undefined;
}

/** A match as the kernel gives it back. */
export function canonicalMatch<K extends Kind>(match: MatchOf<K>): NftMatch {
  return KINDS[match.kind].canonical?.(match) ?? match;
}

/** A match that is ready to be asked about packets. */
export function prepareMatch<K extends Kind>(match: MatchOf<K>, around: Surroundings): PreparedMatch {
  const prepared = KINDS[match.kind].prepare(match, around);
  const isNegated = 'negated' in match && match.negated === true;
  if (!isNegated || prepared.kind !== 'test') return prepared;
  return { kind: 'test', holds: (packet) => negate(prepared.holds(packet)) };
}
