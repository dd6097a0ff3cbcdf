import type { IPFamily } from '../../model/cluster.ts';
import type { ConntrackState } from '../packet/conntrack.ts';
import type { L4Protocol } from '../packet/l4-protocol.ts';

/**
 * iptables rules as data. Builders make them, printers make text of them, readers of `iptables-save` make them
 * again, and walkers follow packets through them: none of these works on text.
 */

/** A table of one family, as `iptables-restore` takes it. */
export interface Table {
  readonly name: 'filter' | 'nat';
  /** Every chain to declare: those that `chains` yields, and empty ones. Built-in chains come first. */
  readonly chainNames: readonly string[];
  /** Yielded one at a time: a ruleset of a million rules is never in memory whole. */
  readonly chains: Iterable<Chain>;
}

/** A chain, built-in (INPUT, PREROUTING, …) or ours, and its rules in order. */
export interface Chain {
  readonly name: string;
  readonly rules: Iterable<Rule>;
}

/** A rule without action only counts packets. */
export interface Rule {
  readonly matches: readonly Match[];
  readonly action?: Action;
}

/** All matches of a rule must hold. They are printed in their order. */
export type Match =
  | { readonly kind: 'source' | 'destination'; readonly cidr: string; readonly negated?: boolean }
  /** A trailing `+` stands for any rest of the name. */
  | { readonly kind: 'in-interface' | 'out-interface'; readonly name: string; readonly negated?: boolean }
  | { readonly kind: 'protocol'; readonly protocol: L4Protocol; readonly negated?: boolean }
  /** One that no Service has: `icmp`, `50`. */
  | { readonly kind: 'other-protocol'; readonly name: string; readonly negated?: boolean }
  /** The protocol's own module (`-m tcp`); without a port it holds for every packet of the protocol. */
  | { readonly kind: 'l4'; readonly protocol: L4Protocol; readonly destinationPort?: number }
  /** The protocol's own module: the destination port is one of these, the last one included. */
  | {
      readonly kind: 'port-range';
      readonly protocol: L4Protocol;
      readonly first: number;
      readonly last: number;
    }
  /** The destination port is in one of these ranges; builders make none. */
  | {
      readonly kind: 'ports';
      readonly ranges: readonly { readonly first: number; readonly last: number }[];
      readonly negated?: boolean;
    }
  /** Of the flags in `mask`, those in `set` are set, and no others; builders make none. */
  | {
      readonly kind: 'tcp-flags';
      readonly mask: readonly TCPFlag[];
      readonly set: readonly TCPFlag[];
      readonly negated?: boolean;
    }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'mark'; readonly value: number; readonly mask: number; readonly negated?: boolean }
  | { readonly kind: 'ctstate'; readonly states: readonly ConntrackState[]; readonly negated?: boolean }
  /** The address is one of this host's own. */
  | { readonly kind: 'local-address'; readonly of: 'source' | 'destination'; readonly negated?: boolean }
  /** What the routing table makes of the address; builders make none. */
  | {
      readonly kind: 'address-type';
      readonly of: 'source' | 'destination';
      readonly type: AddressType;
      readonly negated?: boolean;
    }
  /** The packet came in over a port of a bridge. */
  | { readonly kind: 'from-bridge-port'; readonly negated?: boolean }
  /** The set holds these of the packet's addresses and ports, in its own order of dimensions. */
  | {
      readonly kind: 'set';
      readonly name: string;
      readonly dimensions: readonly ('src' | 'dst')[];
      readonly negated?: boolean;
    }
  /** IPVS handles the packet's connection, for this virtual server. */
  | { readonly kind: 'ipvs'; readonly ip: string; readonly protocol: L4Protocol; readonly port: number }
  /** The packet goes to the address that it comes from: a small program looks (`bytecode.ts`). */
  | { readonly kind: 'source-is-destination'; readonly family: IPFamily }
  /** Holds for this share of packets, at random: 0 to 1. */
  | { readonly kind: 'random'; readonly probability: number }
  /**
   * The source address was put on the list `name` in the last `seconds` seconds. `renews`: where it holds, that counts
   * as put on the list again.
   */
  | {
      readonly kind: 'recently-seen';
      readonly name: string;
      readonly seconds: number;
      readonly renews?: boolean;
    }
  /** Always holds, and puts the source address on the list `name`. */
  | { readonly kind: 'remember'; readonly name: string }
  /** Read, but not understood: its arguments, as iptables prints them. Builders make none. */
  | { readonly kind: 'unknown'; readonly text: string };

export type TCPFlag = 'FIN' | 'SYN' | 'RST' | 'PSH' | 'ACK' | 'URG';

/** Other than those of this host. */
export type AddressType = 'UNICAST' | 'BROADCAST' | 'ANYCAST' | 'MULTICAST';

export type Action =
  | { readonly kind: 'jump'; readonly chain: string }
  /** As a jump, but the end of that chain is the end of this one. */
  | { readonly kind: 'goto'; readonly chain: string }
  | { readonly kind: 'accept' | 'drop' | 'return' }
  /** `with`: another answer than that the port is unreachable, in iptables' words. */
  | { readonly kind: 'reject'; readonly with?: string }
  /** mark = (mark & ~mask) ^ value */
  | { readonly kind: 'set-mark'; readonly value: number; readonly mask: number }
  | { readonly kind: 'dnat'; readonly to: string }
  | { readonly kind: 'masquerade'; readonly randomFully: boolean }
  /** Read, but not understood: the target and its arguments, as iptables prints them. Builders make none. */
  | { readonly kind: 'unknown'; readonly target: string; readonly text: string };

export type TableName = 'raw' | 'mangle' | 'nat' | 'filter' | 'security';

/** A table as `iptables-save` prints it. */
export interface SavedTable {
  readonly name: TableName;
  /** Where it begins. */
  readonly line: number;
  /** By name, in the order of their declarations. */
  readonly chains: ReadonlyMap<string, SavedChain>;
}

export interface SavedChain {
  readonly name: string;
  /** What becomes of packets at the end of a built-in chain; undefined: it is none. */
  readonly policy: 'ACCEPT' | 'DROP' | undefined;
  /** Read anew each time that they are asked for: a large dump is never in memory as objects. */
  readonly rules: Iterable<SavedRule>;
  /** The same as text, which takes far less time. */
  readonly lines: Iterable<SavedLine>;
}

/** A rule where `iptables-save` has it. */
export interface SavedLine {
  readonly line: number;
  /** The whole rule, without counters: `-A KUBE-SERVICES …`. */
  readonly text: string;
}

/** A rule as `iptables-save` prints it. */
export interface SavedRule extends Rule, SavedLine {}
