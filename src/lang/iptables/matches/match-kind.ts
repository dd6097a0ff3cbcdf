import type { Fraction } from '../../packet/fraction.ts';
import type { Holds } from '../../packet/holds.ts';
import type { Host } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import type { Quoting } from '../quoting.ts';

/** What svcgen knows of one kind of match. Its type and what reads it stand beside this record. */
export interface MatchKind<M> {
  /** As arguments of iptables, behind a space. */
  readonly print: (match: M, quoting: Quoting) => string;
  /** What it asks of packets, as if it were not negated. What can be done once for all packets is done here. */
  readonly asks: (match: M, host: Host) => MatchQuestion;
  /** `iptables-save` prints what the kernel keeps in a rule's header first, in this order, and all else behind it. */
  readonly headerPlace?: number;
  /** The kernel forgets it: it holds for every packet. */
  readonly holdsAlways?: (match: M) => boolean;
  /** Whoever writes it out gets exactly what the kernel has, so a rule can be removed by its text. */
  readonly isExact?: (match: M) => boolean;
}

/** What a match asks of packets. */
export type MatchQuestion =
  | { readonly kind: 'test'; readonly holds: PacketTest }
  /** Holds for this share of them. */
  | { readonly kind: 'chance'; readonly share: Fraction }
  /** Holds for clients that were here in so many seconds. */
  | { readonly kind: 'affinity'; readonly seconds: number }
  /** Always holds. */
  | { readonly kind: 'nothing' };

/** Tells of packets whether a match holds. */
export type PacketTest = (packet: Packet) => Holds;

export const NOTHING: MatchQuestion = { kind: 'nothing' };

export function test(holds: PacketTest): MatchQuestion {
  return { kind: 'test', holds };
}

/** May be turned around with `!`. */
export interface Negatable {
  readonly negated?: boolean;
}

/** Reads what stands behind `-m NAME`; undefined: svcgen does not know it. */
export type ModuleReader<M> = (words: readonly string[]) => M | undefined;

/** Reads the value of an option like `-s`. `always`: it asks for nothing, and `iptables-save` leaves it out. */
export type HeaderReader<M> = (value: string, not: Negatable) => M | 'always' | undefined;

/** Kinds of matches that belong together, and what reads them. */
export interface MatchFamily<M extends { readonly kind: string }> {
  readonly kinds: { readonly [Each in M as Each['kind']]: MatchKind<Each> };
  /** By an option of a rule's header: `-s`. */
  readonly options?: Readonly<Record<string, HeaderReader<M>>>;
  /** By the name of a module, which stands behind `-m`. */
  readonly modules?: Readonly<Record<string, ModuleReader<M>>>;
}
