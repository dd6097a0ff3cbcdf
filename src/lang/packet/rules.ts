import type { Rule } from '../iptables/ruleset.ts';
import type { NftRule } from '../nftables/ruleset.ts';
import type { Fraction } from './fraction.ts';
import type { Unknown } from './holds.ts';
import type { Packet } from './packet.ts';
import type { Next } from './verdict.ts';

/** The points at which the kernel asks its rules. */
export type Hook = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';

/** All rules of a node. */
export interface Firewall {
  readonly baseChains: (hook: Hook) => readonly BaseChain[];
}

/** A chain at which a hook begins. */
export interface BaseChain {
  readonly table: string;
  readonly name: string;
  /** Lower ones come first. All that translate addresses run at one priority, that of the kernel's own translation. */
  readonly priority: number;
  /** Among those of one priority, lower ones come first. */
  readonly rank: number;
  /** Only asked while the connection has no translation yet: of its destination (before routing) or source. */
  readonly isNat: boolean;
  /** What becomes of packets at its end. */
  readonly policy: 'accept' | 'drop';
  /**
   * Tells packets apart by where they go, as far as it matters here: of two of one class that differ in nothing else, all
   * rules think alike, and leave where they go alone. undefined, or left out: nobody knows.
   */
  readonly classOf?: (packet: Packet) => string | undefined;
  /** A chain of the same table. */
  readonly find: (chain: string) => TracedChain | undefined;
}

/** A chain of rules. */
export interface TracedChain {
  /**
   * In order; those that can't match the packet may be left out.
   * @param pay is told before how many characters are read, and says whether that is not too much: else no more rules come
   */
  readonly rulesFor: (packet: Packet, pay: (characters: number) => boolean) => Iterable<TracedRule>;
}

/** A rule of some language, as walkers see it. */
export interface TracedRule {
  readonly table: string;
  readonly chain: string;
  /** Of the text that it was read from. */
  readonly line?: number;
  readonly comment?: string;
  /** What tells what the rule is for. */
  readonly data: RuleData;
  /** As its language spells it. */
  readonly text: () => string;
  /** What it does with a packet; undefined: it does not match. */
  readonly apply: (packet: Packet) => Application | undefined;
}

/** What a rule does with packets that it may match. */
export interface Application {
  /** What only the node can tell. Where one is not so, packets pass the rule by. */
  readonly given: readonly Unknown[];
  /** Their shares add up to all packets. */
  readonly branches: readonly Branch[];
}

/** A rule as its language has it. */
export type RuleData =
  | { readonly language: 'iptables'; readonly rule: Rule }
  | { readonly language: 'nftables'; readonly rule: NftRule };

/** One of the things that a rule can do with a packet. */
export interface Branch {
  readonly packet: Packet;
  readonly next: Next;
  /** Of the packets that come to the rule. */
  readonly share: Fraction;
  /** What the rule does, in few words of its language; undefined: its matches don't hold, or it does nothing. */
  readonly effect: string | undefined;
}
