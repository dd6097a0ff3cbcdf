import type { IPFamily } from '../../model/cluster.ts';
import type { ConntrackState } from '../packet/conntrack.ts';
import type { L4Protocol } from '../packet/l4-protocol.ts';

/**
 * nftables rules as data, enough for both layouts of nftables mode. Builders make them, printers make text of them,
 * walkers follow packets through them: none of these works on text. Names of tables, sets, maps and chains are
 * identifiers of nft; addresses are canonical and of the table's family.
 */

/** A table of family ip or ip6. */
export interface NftTable {
  readonly family: IPFamily;
  readonly name: string;
  readonly comment?: string;
  readonly sets: readonly NftSet[];
  readonly maps: readonly NftMap[];
  /** Yielded one at a time: a ruleset of a million rules is never in memory whole. Base chains come first. */
  readonly chains: Iterable<NftChain>;
}

/** A part of a packet that sets and maps have in their keys. */
export type NftField = 'saddr' | 'daddr' | 'l4proto' | 'dport';

/** A number from 0 to `modulus` - 1, drawn anew each time. */
export interface NftRandom {
  readonly kind: 'random';
  readonly modulus: number;
}

/** What a map is asked for, part by part. */
export type NftKey = readonly (NftField | NftRandom)[];

/**
 * One part of the key of an element: an address or CIDR, a protocol, a port or a drawn number; read from a node, also
 * a range of addresses (`10.0.0.1-10.0.0.9`).
 */
export type NftValue = string | number;

export interface NftElement {
  /** As many as the key that is asked for has parts, in their order. */
  readonly key: readonly NftValue[];
  readonly comment?: string;
}

export interface NftVerdictElement extends NftElement {
  readonly verdict: NftVerdict;
}

/** An address and port. */
export interface NftDestination {
  readonly ip: string;
  readonly port: number;
}

export interface NftDestinationElement extends NftElement {
  readonly to: NftDestination;
}

/** A named set. */
export interface NftSet {
  readonly name: string;
  readonly comment?: string;
  readonly fields: readonly NftField[];
  /** Rules add elements, which stay for so long when nothing updates them; undefined: none do. */
  readonly timeoutSeconds?: number;
  readonly elements: Iterable<NftElement>;
}

/** A named map: from key to what happens, or to an address and port. */
export type NftMap = {
  readonly name: string;
  readonly comment?: string;
  /** The moduli of drawn numbers say nothing here: the rules that ask have their own. */
  readonly key: NftKey;
  /** Its ports, and those of rules that ask it, are of this protocol alone; undefined: of any. */
  readonly protocol?: L4Protocol;
} & (
  | { readonly values: 'verdict'; readonly elements: Iterable<NftVerdictElement> }
  | { readonly values: 'destination'; readonly elements: Iterable<NftDestinationElement> }
);

/** A set or map by its name, or one that is part of the rule. */
export type NftReference<Element extends NftElement> =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'anonymous'; readonly elements: readonly Element[] };

export interface NftChain {
  readonly name: string;
  readonly comment?: string;
  /** Makes it a base chain: the kernel runs it itself, and accepts what gets to its end. */
  readonly hook?: NftHook;
  readonly rules: Iterable<NftRule>;
}

export interface NftHook {
  readonly type: 'filter' | 'nat';
  readonly at: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  /** Lower ones run first: destinations are translated at -100, sources at 100. */
  readonly priority: number;
  /** What gets to the end is dropped, instead of accepted; builders make none. */
  readonly policy?: 'drop';
}

/** Statements take effect in their order when all matches hold. A rule without verdict is followed by the next one. */
export interface NftRule {
  readonly matches: readonly NftMatch[];
  readonly statements: readonly NftStatement[];
  readonly comment?: string;
}

export type NftMatch =
  /** An address, or a CIDR. */
  | {
      readonly kind: 'address';
      readonly field: 'saddr' | 'daddr';
      readonly cidr: string;
      readonly negated?: boolean;
    }
  /** Keys of an anonymous set may hold CIDRs. */
  | {
      readonly kind: 'in-set';
      readonly fields: readonly NftField[];
      readonly set: NftReference<NftElement>;
      readonly negated?: boolean;
    }
  | { readonly kind: 'l4proto'; readonly protocol: L4Protocol }
  /** Of this protocol, to this port. */
  | { readonly kind: 'dport'; readonly protocol: L4Protocol; readonly port: number }
  /** A trailing `*` stands for any rest of the name. */
  | { readonly kind: 'in-interface'; readonly name: string; readonly negated?: boolean }
  /** (mark & mask) == value */
  | { readonly kind: 'mark'; readonly mask: number; readonly value: number; readonly negated?: boolean }
  | { readonly kind: 'ct-state'; readonly states: readonly ConntrackState[]; readonly negated?: boolean }
  /** The connection has a destination that was rewritten. */
  | { readonly kind: 'ct-status-dnat' }
  /** The address is one of this host's own (`fib … type local`). */
  | { readonly kind: 'local-address'; readonly field: 'saddr' | 'daddr'; readonly negated?: boolean }
  /** Read, but not understood: as nft prints it. Builders make none. */
  | { readonly kind: 'unknown'; readonly text: string };

export type NftVerdict =
  | { readonly kind: 'accept' | 'drop' | 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export type NftStatement =
  | NftVerdict
  /** `with`: another answer than that the port is unreachable, in nft's words; builders make none. */
  | { readonly kind: 'reject'; readonly with?: string }
  /** The verdict that the map has for the key; without one the next rule follows. */
  | { readonly kind: 'vmap'; readonly key: NftKey; readonly map: NftReference<NftVerdictElement> }
  | { readonly kind: 'set-mark'; readonly operator: 'and' | 'or' | 'xor'; readonly value: number }
  /** Ends the evaluation; when a look-up finds nothing, the next rule follows. */
  | { readonly kind: 'dnat'; readonly to: NftDestinationSource }
  | { readonly kind: 'masquerade'; readonly randomFully: boolean }
  /**
   * Adds an element to a dynamic set, or lets its timeout begin anew: this one, else the set's. When the set is full,
   * the rule does not match.
   */
  | {
      readonly kind: 'update';
      readonly set: string;
      readonly fields: readonly NftField[];
      readonly timeoutSeconds?: number;
    }
  /** Read, but not understood: as nft prints it. Builders make none. */
  | { readonly kind: 'unknown'; readonly text: string };

/** Where `dnat` gets its address and port from. */
export type NftDestinationSource =
  | { readonly kind: 'constant'; readonly to: NftDestination }
  | {
      readonly kind: 'map';
      readonly key: NftKey;
      readonly protocol?: L4Protocol;
      readonly map: NftReference<NftDestinationElement>;
    };

/** A table of ours or kube-proxy's as `nft list ruleset` prints it. */
export interface ListedTable {
  readonly family: IPFamily;
  readonly name: string;
  /** Where it begins. */
  readonly line: number;
  readonly sets: ReadonlyMap<string, ListedSet>;
  readonly chains: ReadonlyMap<string, ListedChain>;
}

/** A named set or map. */
export interface ListedSet {
  readonly name: string;
  readonly line: number;
  /** Of keys and, in maps, of what is there for them: `type ipv4_addr . inet_service : verdict`, or `typeof …`. */
  readonly type: string;
  /** undefined: its type is not known, so nothing can be looked up. */
  readonly contents: ListedContents | undefined;
  readonly timeoutSeconds?: number;
}

/** Read anew each time that they are asked for: a large dump is never in memory as objects. */
export type ListedContents =
  | { readonly values: 'none'; readonly elements: Iterable<NftElement & ListedText> }
  | { readonly values: 'verdict'; readonly elements: Iterable<NftVerdictElement & ListedText> }
  | { readonly values: 'destination'; readonly elements: Iterable<NftDestinationElement & ListedText> };

export interface ListedChain {
  readonly name: string;
  readonly line: number;
  readonly hook?: NftHook;
  /** Read anew each time that they are asked for. */
  readonly rules: Iterable<ListedRule>;
}

/** Something where nft lists it. */
export interface ListedText {
  readonly line: number;
  /** Without handles. */
  readonly text: string;
}

export interface ListedRule extends NftRule, ListedText {}

/** A table of others, of whose rules nothing is known but where the kernel runs them. */
export interface OtherTable {
  /** `ip`, `inet`, … */
  readonly family: string;
  readonly name: string;
  readonly line: number;
  /** Of its base chains that have rules, or drop what gets to their end. */
  readonly hooks: ReadonlySet<string>;
  /** Of iptables-nft: kube-proxy's chains of iptables mode are in it. */
  readonly hasIptablesServices: boolean;
}

/** What `nft list ruleset` has printed. */
export interface ListedRuleset {
  readonly tables: readonly ListedTable[];
  readonly others: readonly OtherTable[];
}
