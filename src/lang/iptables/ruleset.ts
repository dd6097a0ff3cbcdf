import type { Items } from '../text/in-parts.ts';
import type { Match } from './matches/match.ts';
import type { Action } from './targets/action.ts';

/**
 * iptables rules as data. Builders make them, printers make text of them, readers of `iptables-save` make them
 * again, and walkers follow packets through them: none of these works on text.
 */

/** A table of one family, as `iptables-restore` takes it. */
export interface Table {
  readonly name: 'filter' | 'nat';
  /** Every chain to declare: those that `chains` yields, and empty ones. Built-in chains come first. */
  readonly chainNames: Items<string>;
  /** Yielded one at a time: a ruleset of a million rules is never in memory whole. */
  readonly chains: Items<Chain>;
}

/** A chain, built-in (INPUT, PREROUTING, …) or ours, and its rules in order. */
export interface Chain {
  readonly name: string;
  readonly rules: Items<Rule>;
}

/** A rule without action only counts packets. */
export interface Rule {
  readonly matches: readonly Match[];
  readonly action?: Action;
}

export type TableName = 'raw' | 'mangle' | 'nat' | 'filter' | 'security';

/** The kernel has two sets of tables, one for each program: a packet passes both. */
export type IptablesVariant = 'legacy' | 'nft';

/** A table as `iptables-save` prints it. */
export interface SavedTable {
  readonly name: TableName;
  /** Left out: nothing tells, or there is one of this name alone. */
  readonly variant?: IptablesVariant;
  /** Where it begins. */
  readonly line: number;
  /** By name, in the order of their declarations. */
  readonly chains: SavedChains;
}

/** By name, in the order of their declarations. */
export interface SavedChains extends ReadonlyMap<string, SavedChain> {
  readonly checklist: () => ChainChecklist;
  /** The rules of all chains whose lines hold a text, in their order there. */
  readonly rulesWith: (part: string) => Iterable<ChainRule>;
}

/** A rule, and the chain that it is in. */
export interface ChainRule extends SavedRule {
  readonly chain: string;
}

/** Compares all chains with those that are wanted, by going to each of a hundred thousand once. */
export interface ChainChecklist {
  /** Checks a chain, by its lines as `hasLines` takes them. */
  readonly check: (name: string, lines: string) => 'same' | 'differs' | 'missing';
  /** Whether a chain is there and was checked. */
  readonly hasChecked: (name: string) => boolean;
  /** Those that were not, in their order. */
  readonly unchecked: () => readonly string[];
}

export interface SavedChain {
  readonly name: string;
  /** What becomes of packets at the end of a built-in chain; undefined: it is none. */
  readonly policy: 'ACCEPT' | 'DROP' | undefined;
  /** Read anew each time that they are asked for: a large dump is never in memory as objects. */
  readonly rules: Iterable<SavedRule>;
  /** The rules whose lines hold a text. The others are not read, which takes far less time. */
  readonly rulesWith: (part: string) => Iterable<SavedRule>;
  /** All rules as text, which takes less time, too. */
  readonly lines: Iterable<SavedLine>;
  /** Rules by their places, each of which is read when somebody asks for it. */
  readonly unread: () => UnreadRules<SavedRule>;
  /** Whether the lines are these to the letter, counters apart, each with a line break before it: that takes least. */
  readonly hasLines: (lines: string) => boolean;
}

/** The rules of a chain by their places in it, from 0. A chain can have a quarter of a million, of which a packet meets a few. */
export interface UnreadRules<Read extends Rule> {
  readonly count: number;
  readonly read: (place: number) => Read;
  /** The one address without which a rule does nothing, where its text shows that before it is read. */
  readonly addressOf: (place: number) => RuleAddress | undefined;
  /** How many characters reading a rule takes; 0: it was made, not read. */
  readonly lengthOf: (place: number) => number;
}

/** The source or destination that a rule is for: where it has both, its destination. */
export interface RuleAddress {
  readonly side: 'source' | 'destination';
  readonly ip: string;
}

/** A rule where `iptables-save` has it. */
export interface SavedLine {
  readonly line: number;
  /** The whole rule, without counters: `-A KUBE-SERVICES …`. */
  readonly text: string;
}

/** A rule as `iptables-save` prints it. */
export interface SavedRule extends Rule, SavedLine {}
