import type { IPFamily } from '../../../model/cluster.ts';
import type { Fraction } from '../../packet/fraction.ts';
import type { Holds } from '../../packet/holds.ts';
import type { Host } from '../../packet/host.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import type { Packet } from '../../packet/packet.ts';
import type {
  NftAddressElement,
  NftDestinationElement,
  NftElement,
  NftReference,
  NftVerdictElement,
  SetValues,
} from '../elements/element.ts';
import type { ElementIndex } from '../elements/element-index.ts';
import { take, type Words } from '../elements/words.ts';
import type { NftFamily } from '../family.ts';
import type { Act } from './act.ts';

/** What a language of rules knows of each kind of match and statement: one record a kind. */

/**
 * A kind of match.
 * @typeParam AnyMatch matches that reading it, or making it canonical, can give
 */
export interface NftMatchKind<Match, AnyMatch> {
  readonly print: (match: Match, family: NftFamily) => string;
  /** Absent: another kind's reader makes them, or none does. */
  readonly take?: TakeMatch<AnyMatch>;
  /** The match as the kernel gives it back; absent: as it is. */
  readonly canonical?: (match: Match) => AnyMatch;
  /** Whether packets match; `negated` is not looked at. */
  readonly prepare: (match: Match, around: Surroundings) => PreparedMatch;
}

/** Reads what comes next. @returns undefined when it is not of this kind, or not understood */
export type TakeMatch<Match> = (words: Words, scope: RuleScope) => readonly Match[] | undefined;

/** A kind of statement. */
export interface NftStatementKind<Statement, AnyStatement> {
  readonly print: (statement: Statement, family: NftFamily) => string;
  /** Absent: another kind's reader makes them, or none does. */
  readonly take?: TakeStatement<AnyStatement>;
  /** The statement as the kernel gives it back; absent: as it is. */
  readonly canonical?: (statement: Statement) => AnyStatement;
  /** The protocol that nft asks for by itself, without printing that. */
  readonly protocolOf?: (statement: Statement) => L4Protocol | undefined;
  readonly run: (statement: Statement, packet: Packet, around: Surroundings) => readonly Act[];
}

/** Reads what comes next. @returns undefined when it is not of this kind, or not understood */
export type TakeStatement<Statement> = (words: Words, scope: RuleScope) => Taken<Statement> | undefined;

/** A statement, and the protocol that it is about: nft asks for that without saying so. */
export interface Taken<Statement> {
  readonly statement: Statement;
  readonly protocol?: L4Protocol | undefined;
}

/** What a rule that is read can refer to. */
export interface RuleScope {
  readonly family: IPFamily;
  /** What the table has under a name, if that is understood. */
  readonly valuesOf: (name: string) => SetValues | undefined;
}

/** The sets and maps of a table, to be asked by what a packet has. */
export interface TableSets {
  readonly setOf: (set: NftReference<NftElement>) => ElementIndex<NftElement>;
  readonly verdictsOf: (map: NftReference<NftVerdictElement>) => ElementIndex<NftVerdictElement>;
  readonly destinationsOf: (map: NftReference<NftDestinationElement>) => ElementIndex<NftDestinationElement>;
  /** Of a map of addresses, by its name. */
  readonly addressesOf: (map: string) => ElementIndex<NftAddressElement>;
  /** Seconds that elements of a set stay, if rules add them. */
  readonly timeoutOf: (set: NftReference<NftElement>) => number | undefined;
}

/** What a rule can ask about, beside the packet. */
export interface Surroundings {
  readonly sets: TableSets;
  readonly host: Host;
}

/** A match that is ready to be asked. */
export type PreparedMatch =
  | { readonly kind: 'test'; readonly holds: (packet: Packet) => Holds }
  /** It holds for this share of packets. */
  | { readonly kind: 'chance'; readonly share: Fraction }
  /** It holds for clients that were here in so many seconds. */
  | { readonly kind: 'remembered'; readonly seconds: number };

export function testing(holds: (packet: Packet) => Holds): PreparedMatch {
  return { kind: 'test', holds };
}

/** Reads `!=`, if it comes next. */
export function takeNot(words: Words): { readonly negated?: true } {
  return take(words, '!=') ? { negated: true } : {};
}

export function printNot({ negated = false }: { readonly negated?: boolean }): string {
  return negated ? '!= ' : '';
}
