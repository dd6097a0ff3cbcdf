import { negate } from '../../packet/holds.ts';
import type { Words } from '../elements/words.ts';
import type { NftFamily } from '../family.ts';
import {
  ADDRESS,
  type AddressMatch,
  IN_SET,
  type InSetMatch,
  PORT,
  type PortMatch,
  PROTOCOL,
  type ProtocolMatch,
} from './comparison.ts';
import { STATE, type StateMatch, TRANSLATED, type TranslatedMatch } from './conntrack.ts';
import type { NftMatchKind, PreparedMatch, RuleScope, Surroundings } from './expression.ts';
import { LOCAL_ADDRESS, type LocalAddressMatch } from './fib.ts';
import { IN_INTERFACE, type InterfaceMatch, MARK, type MarkMatch } from './meta.ts';
import { UNKNOWN_MATCH, type UnknownPart } from './unknown.ts';

/** What a rule asks about a packet. */
export type NftMatch =
  | AddressMatch
  | InSetMatch
  | ProtocolMatch
  | PortMatch
  | InterfaceMatch
  | MarkMatch
  | StateMatch
  | TranslatedMatch
  | LocalAddressMatch
  | UnknownPart;

type Kind = NftMatch['kind'];
type ByKind = { readonly [M in NftMatch as M['kind']]: M };
type MatchOf<K extends Kind> = ByKind[K] & { readonly kind: K };

/** All kinds, with what is known of them. */
const KINDS: { readonly [K in Kind]: NftMatchKind<ByKind[K], NftMatch> } = {
  address: ADDRESS,
  'in-set': IN_SET,
  l4proto: PROTOCOL,
  dport: PORT,
  'in-interface': IN_INTERFACE,
  mark: MARK,
  'ct-state': STATE,
  'ct-status-dnat': TRANSLATED,
  'local-address': LOCAL_ADDRESS,
  unknown: UNKNOWN_MATCH,
};

const READERS = Object.values(KINDS).flatMap(({ take }) => take ?? []);

export function printMatch<K extends Kind>(match: MatchOf<K>, family: NftFamily): string {
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
