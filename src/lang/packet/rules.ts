import type { Packet } from './packet.ts';
import type { Branch, Hook } from './way.ts';

/** A rule of some language, as walkers see it. */
export interface TracedRule {
  readonly table: string;
  readonly chain: string;
  /** Of the text that it was read from. */
  readonly line?: number;
  readonly comment?: string;
  /** As its language spells it. */
  readonly text: () => string;
  /** What it does with a packet: shares add up to all of it. */
  readonly apply: (packet: Packet) => readonly Branch[];
}

/** A chain of rules. */
export interface TracedChain {
  /** In order; those that can't match the packet may be left out. */
  readonly rulesFor: (packet: Packet) => Iterable<TracedRule>;
}

/** A chain at which a hook begins. */
export interface BaseChain {
  readonly table: string;
  readonly name: string;
  /** Lower ones come first. */
  readonly priority: number;
  /** Only asked while the connection has no translation yet: of its destination (before routing) or source. */
  readonly isNat: boolean;
  /** What becomes of packets at its end. */
  readonly policy: 'accept' | 'drop';
  /** A chain of the same table. */
  readonly find: (chain: string) => TracedChain | undefined;
}

/** All rules of a node. */
export interface Firewall {
  readonly baseChains: (hook: Hook) => readonly BaseChain[];
}
