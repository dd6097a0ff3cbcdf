import type { IPFamily, Protocol } from '../../model/cluster.ts';
import type { IPVSScheduler } from '../../model/ipvs-settings.ts';
import type { Endpoint } from '../../model/node-state.ts';
import type { L4Protocol } from '../packet/l4-protocol.ts';
import type { Items } from '../text/in-parts.ts';

/** What ipvs mode programs for one family, beside iptables rules. */
export interface IPVSRuleset {
  readonly family: IPFamily;
  /** Addresses of the dummy device, each once. */
  readonly addresses: Items<string>;
  /** All of them, empty ones too. */
  readonly sets: readonly IPSet[];
  /** Each protocol, address and port once. */
  readonly virtualServers: Items<VirtualServer>;
}

/** An address and port that IPVS serves. */
export interface VirtualServer {
  readonly protocol: Protocol;
  readonly ip: string;
  readonly port: number;
  readonly scheduler: IPVSScheduler;
  /** Seconds that a client stays with its real server; undefined: no session affinity. */
  readonly persistenceSeconds: number | undefined;
  /** Where connections go, all with the same weight and with address translation (masquerading, in IPVS' words). */
  readonly realServers: readonly Endpoint[];
}

export const IPSET_TYPES = [
  'hash:ip',
  'hash:ip,port',
  'hash:ip,port,ip',
  'hash:ip,port,net',
  'hash:net',
  'hash:net,port',
  'bitmap:port',
] as const;

export type IPSetType = (typeof IPSET_TYPES)[number];

/** An IP set of the kernel. Those of networks are only others': network policies, lists of clients. */
export interface IPSet {
  /** At most 31 characters. */
  readonly name: string;
  readonly type: IPSetType;
  readonly family: IPFamily;
  /** Each once. */
  readonly entries: Items<IPSetEntry>;
}

/** Sets by their names: what one of them holds, it holds. The kernel takes no list of lists. */
export interface IPSetList {
  readonly type: 'list:set';
  readonly members: readonly string[];
}

/** An entry fits the type of its set. */
export type IPSetEntry =
  | { readonly kind: 'ip'; readonly ip: string }
  /** A CIDR, or an address. */
  | { readonly kind: 'net'; readonly net: string }
  | { readonly kind: 'net-port'; readonly net: string; readonly protocol: L4Protocol; readonly port: number }
  | { readonly kind: 'port'; readonly port: number }
  | { readonly kind: 'ip-port'; readonly ip: string; readonly protocol: L4Protocol; readonly port: number }
  | {
      readonly kind: 'ip-port-peer';
      readonly ip: string;
      readonly protocol: L4Protocol;
      readonly port: number;
      /** An address, or (`hash:ip,port,net`) a CIDR with a length above 0. */
      readonly peer: string;
    };

/** What `ipset save` and `ipvsadm --save --numeric` print on a node. */
export interface SavedIPVS {
  /** By name; undefined: there are none in the text, and nobody knows whether it was asked for. */
  readonly sets: ReadonlyMap<string, SavedSet> | undefined;
  readonly virtualServers: readonly SavedServer[] | undefined;
}

export const NOTHING_SAVED: SavedIPVS = { sets: undefined, virtualServers: undefined };

/** Something that a node has, where the text says so. */
export interface SavedPart {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export interface SavedSet extends SavedPart {
  readonly name: string;
  /** undefined: one that Services have no use for; its elements are not read. */
  readonly type: IPSetType | undefined;
  readonly family: IPFamily;
  /** Those that change what it holds, as they are spelled; "": none. */
  readonly options: string;
  readonly elements: readonly SavedElement[];
  /** Of a list of sets: their names; left out: it is none. */
  readonly members?: readonly string[];
}

export interface SavedElement extends SavedPart {
  /** undefined: one that no connection to a Service can meet: of another protocol, or port 0. */
  readonly entry: IPSetEntry | undefined;
  /** As they are spelled; "": none. */
  readonly options: string;
}

export interface SavedServer extends SavedPart {
  readonly protocol: Protocol;
  readonly ip: string;
  readonly port: number;
  readonly scheduler: string;
  readonly persistenceSeconds: number | undefined;
  /** All others, as they are spelled; "": none. */
  readonly options: string;
  readonly realServers: readonly SavedRealServer[];
}

export interface SavedRealServer extends SavedPart {
  readonly ip: string;
  readonly port: number;
  /** Addresses are translated (masquerading, in IPVS' words): without it, packets are sent on as they are. */
  readonly isTranslated: boolean;
  /** 0: it gets no new connections. */
  readonly weight: number;
  /** All others, as they are spelled; "": none. */
  readonly options: string;
}
