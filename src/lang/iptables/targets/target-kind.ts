import type { Host } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import type { Next } from '../../packet/verdict.ts';
import type { Quoting } from '../quoting.ts';

/** What becomes of a packet on a node. */
export type PacketChange = (packet: Packet, host: Host) => Packet;

/** What svcgen knows of one kind of action. Its type and what reads it stand beside this record. */
export interface TargetKind<A> {
  /** As arguments of iptables, behind a space. */
  readonly print: (action: A, quoting: Quoting) => string;
  /** What it does, in few words. */
  readonly effect: (action: A) => string;
  /** Where it sends a packet. */
  readonly next: (action: A) => Next;
  /** What it makes of packets; undefined: it leaves them as they are. */
  readonly change?: (action: A) => PacketChange;
}

/** Reads what stands behind `-j NAME`; undefined: svcgen does not know it. */
export type TargetReader<A> = (words: readonly string[]) => A | undefined;

/** Kinds of actions that belong together, and what reads them by the name behind `-j`. */
export interface TargetFamily<A extends { readonly kind: string }> {
  readonly kinds: { readonly [Each in A as Each['kind']]: TargetKind<Each> };
  readonly targets: Readonly<Record<string, TargetReader<A>>>;
}
