import { cidrContains } from '../../model/ip.ts';
import type { IPVSScheduler } from '../../model/ipvs-settings.ts';
import type { IPSet, VirtualServer } from '../ipvs/ruleset.ts';
import type { Destination } from './packet.ts';

/** What rules and the kernel can ask of a node beside its rules. */
export interface Host {
  /** Loopback addresses of IPv4 are always local. */
  readonly localAddresses: ReadonlySet<string>;
  /** By name; undefined: nobody knows what sets hold. */
  readonly sets: ReadonlyMap<string, IPSet> | undefined;
  readonly virtualServers: readonly HostServer[];
  /** In no particular order; left out: nobody knows by which interface a packet leaves. */
  readonly routes?: readonly Route[];
}

/** Where packets to a network leave. */
export interface Route {
  /** Canonical. */
  readonly cidr: string;
  readonly device: string;
}

/** A virtual server of a node. */
export interface HostServer extends Omit<VirtualServer, 'scheduler' | 'realServers'> {
  /** undefined: one that svcgen does not know. */
  readonly scheduler: IPVSScheduler | undefined;
  /** Those that take new connections. */
  readonly realServers: readonly HostRealServer[];
  /** It is a proxy on the node: it connects itself, and when an endpoint does not answer it tries another. */
  readonly isProxy?: boolean;
  /** What svcgen does not know of it, so that nobody can say where it sends connections. */
  readonly unclear?: string;
}

export interface HostRealServer extends Destination {
  /** Above 0; undefined: as that of all others. */
  readonly weight?: number;
}

/** A node that has these addresses, and neither sets nor virtual servers. */
export function plainHost(addresses: readonly string[]): Host {
  return { localAddresses: new Set(addresses), sets: new Map(), virtualServers: [] };
}

/** Whether an address is one of the node's own. */
export function isLocal({ localAddresses }: Host, ip: string): boolean {
  return localAddresses.has(ip) || ip.startsWith('127.') || ip === '::1';
}

/** The interface to an address, by the longest prefix; undefined: none is known. */
export function deviceTo({ routes = [] }: Host, ip: string): string | undefined {
  let best: Route | undefined;
  for (const route of routes) {
    const isLonger = best === undefined || lengthOf(route) > lengthOf(best);
    if (isLonger && cidrContains(route.cidr, ip)) best = route;
  }
  return best?.device;
}

function lengthOf({ cidr }: Route): number {
  return Number(cidr.slice(cidr.indexOf('/') + 1));
}
