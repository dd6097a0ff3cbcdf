import { cidrContains, familyOf } from '../../model/ip.ts';
import type { IPVSScheduler } from '../../model/ipvs-settings.ts';
import type { IPSet, IPSetList, VirtualServer } from '../ipvs/ruleset.ts';
import { type Destination, type NetworkInterface, type Packet, UNKNOWN_INTERFACE } from './packet.ts';

/** What rules and the kernel can ask of a node beside its rules. */
export interface Host {
  /** Loopback addresses of IPv4 are always local. */
  readonly localAddresses: ReadonlySet<string>;
  /** By name; undefined: nobody knows what sets hold. */
  readonly sets: ReadonlyMap<string, IPSet | IPSetList> | undefined;
  readonly virtualServers: readonly HostServer[];
  /** In no particular order; left out: nobody knows by which interface a packet leaves. */
  readonly routes?: readonly Route[];
  /** Of bridges, and of nothing else, by their names: what has no address of these is on none; left out: not known. */
  readonly bridges?: ReadonlyMap<string, readonly string[]>;
  /** The addresses of each interface, in their order; left out: not known. */
  readonly interfaces?: ReadonlyMap<string, readonly string[]>;
}

/** Where packets to a network leave, or who refuses them. */
export interface Route {
  /** Canonical. */
  readonly cidr: string;
  /** Left out: it has none, or svcgen could not read it. */
  readonly device?: string;
  /** Canonical; left out: the network is that of the device. */
  readonly gateway?: string;
  /** The source of what the node itself sends there (`prefsrc`); left out: the kernel chooses. */
  readonly source?: string;
  /** It leads nowhere. */
  readonly refusal?: RouteRefusal;
}

/** Types of routes that lead nowhere (`fib_props`, net/ipv4/fib_semantics.c). */
export const ROUTE_REFUSALS = ['blackhole', 'unreachable', 'prohibit', 'throw'] as const;
export type RouteRefusal = (typeof ROUTE_REFUSALS)[number];

/** A virtual server of a node. */
export interface HostServer extends Omit<VirtualServer, 'scheduler' | 'realServers'> {
  /** undefined: one that svcgen does not know. */
  readonly scheduler: IPVSScheduler | undefined;
  /** Those that take new connections. */
  readonly realServers: readonly HostRealServer[];
  /** How many there are that take none, since their weight is 0; undefined: none. */
  readonly drained?: number;
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
  return localAddresses.has(ip) || isLoopback(ip);
}

/** An address of a loopback interface. */
export function isLoopback(ip: string): boolean {
  return ip.startsWith('127.') || ip === '::1';
}

/**
 * Where a rule that redirects to the node sends a packet: to the first address of the interface that it comes in by, and to
 * loopback if the node itself sends it (net/netfilter/nf_nat_redirect.c). Where that interface is not known, another address
 * of the node stands for it, if one is known: rules that refuse what comes from outside to loopback never see such a packet.
 */
export function redirectedTo(host: Host, { family, destination, inInterface }: Packet): string {
  const loopback = family === 'IPv4' ? '127.0.0.1' : '::1';
  if (inInterface.kind === 'none') return loopback;
  const own = inInterface.kind === 'named' ? host.interfaces?.get(inInterface.name) : undefined;
  const known = [...(own ?? []), destination, ...host.localAddresses];
  return known.find((ip) => familyOf(ip) === family && isLocal(host, ip) && !isLoopback(ip)) ?? loopback;
}

/** The route to an address, by the longest prefix; undefined: none is known. */
export function routeTo({ routes = [] }: Host, ip: string): Route | undefined {
  let best: Route | undefined;
  for (const route of routes) {
    const isLonger = best === undefined || lengthOf(route) > lengthOf(best);
    if (isLonger && cidrContains(route.cidr, ip)) best = route;
  }
  return best;
}

/** The interface to an address; undefined: none is known. */
export function deviceTo(host: Host, ip: string): string | undefined {
  return routeTo(host, ip)?.device;
}

/** The interface to an address, or from there: by its route, else what it is not. */
export function interfaceTo(host: Host, ip: string): NetworkInterface {
  const device = deviceTo(host, ip);
  if (device !== undefined) return { kind: 'named', name: device };
  const not = [...(host.bridges ?? [])].flatMap(([name, cidrs]) =>
    cidrs.some((cidr) => cidrContains(cidr, ip)) ? [] : name,
  );
  return not.length === 0 ? UNKNOWN_INTERFACE : { kind: 'unknown', not };
}

/**
 * The source of what the node itself sends to an address: that of the route, else of the route to its gateway, else the
 * first one of its interface (inet_select_addr, net/ipv4/devinet.c). undefined: not known.
 */
export function sourceTo(host: Host, ip: string): string | undefined {
  const route = routeTo(host, ip);
  if (route?.device === undefined) return undefined;
  const near = route.gateway === undefined ? undefined : routeTo(host, route.gateway);
  const nearSource = near?.device === route.device ? near.source : undefined;
  return route.source ?? nearSource ?? host.interfaces?.get(route.device)?.find((own) => canSend(own, ip));
}

/** Link-local addresses are for neighbours alone. */
function canSend(source: string, ip: string): boolean {
  const isLinkLocal = source.startsWith('fe80:') && !ip.startsWith('fe80:');
  return familyOf(source) === familyOf(ip) && !isLoopback(source) && !isLinkLocal;
}

function lengthOf({ cidr }: Route): number {
  return Number(cidr.slice(cidr.indexOf('/') + 1));
}
