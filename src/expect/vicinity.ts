import type { TargetAddress } from '../explain/targets.ts';
import { cidrTest } from '../lang/packet/cidr-test.ts';
import { type Host, isLocal, isLoopback } from '../lang/packet/host.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import type { Delivery, Endpoint, NodeState, ServicePort } from '../model/node-state.ts';
import { MODES } from '../modes/index.ts';
import type { RuleSetting } from '../modes/mode.ts';

/**
 * The part of a node that a connection can meet. Every rule about a Service asks for one of its addresses or for a port of the
 * node, so that Services whose addresses no packet of the connection has can be left out, whatever the mode. What is left is small,
 * and the same on most nodes, and after most changes: what becomes of a connection there has to be found out once.
 */
export interface Vicinity {
  /** Equal keys: the rules of both do the same with packets to these addresses, if their sources are of one class. */
  readonly key: string;
  /** Tells sources apart, as far as rules can. */
  readonly classOf: (source: string) => string;
  /** Only those of the Services that the connection can meet: made anew each time. */
  readonly rules: () => Rules;
}

/** What a packet goes through. */
export interface Rules {
  readonly host: Host;
  readonly firewall: Firewall;
}

/** A node with all its Services. */
export interface WholeNode {
  readonly state: NodeState;
  readonly setting: RuleSetting;
  readonly host: Host;
  /** Its own addresses, of both families. */
  readonly addresses: readonly string[];
}

/** Finds what connections to an address can meet of a node: each part once. */
export function vicinityFinder(node: WholeNode): (address: TargetAddress) => Vicinity {
  const known = new Map<string, Vicinity>();
  const contentOf = contentReader(node.setting);
  const context = contextOf(node);
  const rangesOf = rangeTests(node);
  let index: PortIndex | undefined;
  return ({ destination, port }) => {
    const place = `${destination} ${port}`;
    const found = known.get(place);
    if (found !== undefined) return found;
    index ??= indexPorts(node);
    const made = vicinity(node, meet({ destination, port }, node.state, index), {
      context,
      contentOf,
      rangesOf,
    });
    known.set(place, made);
    return made;
  };
}

/** Service ports by what rules ask packets for. */
interface PortIndex {
  readonly byAddress: ReadonlyMap<string, readonly ServicePort[]>;
  readonly byNodePort: ReadonlyMap<number, readonly ServicePort[]>;
  /** Where each is in the state. */
  readonly places: ReadonlyMap<ServicePort, number>;
}

function indexPorts({ state, setting }: WholeNode): PortIndex {
  const byAddress = new Map<string, ServicePort[]>();
  const byNodePort = new Map<number, ServicePort[]>();
  for (const servicePort of state.servicePorts) {
    for (const ip of addressesOf(servicePort)) append(byAddress, ip, servicePort);
    for (const { ip } of loopsOf(servicePort, setting)) append(byAddress, ip, servicePort);
    for (const port of [servicePort.nodePort, servicePort.healthCheckNodePort])
      if (port !== 0) append(byNodePort, port, servicePort);
  }
  return { byAddress, byNodePort, places: new Map(state.servicePorts.map((each, place) => [each, place])) };
}

const NO_ENDPOINTS: readonly Endpoint[] = [];

/** Endpoints that one set of a node lists, those of all Services together: what they send to themselves is masqueraded. */
function loopsOf({ reachable, ipvs }: ServicePort, setting: RuleSetting): readonly Endpoint[] {
  return ipvs?.hairpin ?? (asksPlaces(setting) ? reachable : NO_ENDPOINTS);
}

function asksPlaces({ mode, layout }: RuleSetting): boolean {
  return MODES[mode].layoutsByPlace.includes(layout);
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function addressesOf({ clusterIP, externalIPs, loadBalancerIPs }: ServicePort): readonly string[] {
  return externalIPs.length + loadBalancerIPs.length === 0
    ? [clusterIP]
    : [clusterIP, ...externalIPs, ...loadBalancerIPs];
}

/** What packets of a connection can have as destination, and the service ports that have rules for that. */
interface Met {
  readonly addresses: ReadonlySet<string>;
  /** In the order of the state. */
  readonly servicePorts: readonly ServicePort[];
}

/** An endpoint may have the address of another Service, and so on. */
function meet(
  { destination, port }: Pick<TargetAddress, 'destination' | 'port'>,
  { servicePorts, userspace }: NodeState,
  { byAddress, byNodePort, places }: PortIndex,
): Met {
  const addresses = new Set([destination]);
  const ports = new Set([port]);
  const met = new Set<ServicePort>();
  const add = (servicePort: ServicePort): void => {
    if (met.has(servicePort)) return;
    met.add(servicePort);
    for (const endpoint of endpointsOf(servicePort)) {
      addresses.add(endpoint.ip);
      ports.add(endpoint.port);
    }
  };
  // Whatever comes to the port of a proxy is served, and rules name the node's own address.
  if (userspace !== undefined) servicePorts.forEach(add);
  for (let before = -1; before !== addresses.size + ports.size; ) {
    before = addresses.size + ports.size;
    for (const ip of addresses) byAddress.get(ip)?.forEach(add);
    for (const each of ports) byNodePort.get(each)?.forEach(add);
  }
  // Where there is no Service at all, some modes have no rules either.
  const [first] = servicePorts;
  if (met.size === 0 && first !== undefined) add(first);
  const placeOf = (servicePort: ServicePort) => places.get(servicePort) ?? 0;
  return { addresses, servicePorts: [...met].sort((a, b) => placeOf(a) - placeOf(b)) };
}

function endpointsOf({ reachable, ipvs }: ServicePort): readonly Endpoint[] {
  return ipvs === undefined ? reachable : [...reachable, ...ipvs.internal, ...ipvs.external];
}

interface Reading {
  /** Everything of the node that is no Service. */
  readonly context: string;
  readonly contentOf: (servicePort: ServicePort) => string;
  readonly rangesOf: (source: string) => string;
}

function vicinity({ state, setting, host, addresses }: WholeNode, met: Met, reading: Reading): Vicinity {
  const { context, contentOf, rangesOf } = reading;
  const mode = MODES[setting.mode];
  const part = partOf(state, met);
  const ownAddresses = [...met.addresses].filter((ip) => isLocal(host, ip));
  const mentioned = new Set([...met.addresses, ...met.servicePorts.flatMap(sourcesIn)]);
  const tests = met.servicePorts.flatMap(({ admitted }) => (admitted?.ranges ?? []).map(cidrTest));
  return {
    key: JSON.stringify([
      context,
      ownAddresses,
      part.nodePortAddresses,
      part.ipvs?.addresses,
      part.ipvs?.nodePortAddresses,
      ...met.servicePorts.map(contentOf),
    ]),
    classOf: (source) => {
      const kind = `${rangesOf(source)}${tests.map((holds) => (holds(source) ? 1 : 0)).join('')}`;
      return mentioned.has(source) ? `${kind} ${source}` : kind;
    },
    rules: () => {
      const own: Host = { ...mode.host(part, addresses), localAddresses: host.localAddresses };
      return { host: own, firewall: mode.firewall(part, setting, own) };
    },
  };
}

/** The node as if it served nothing but these service ports, at these addresses. */
function partOf(state: NodeState, { addresses, servicePorts }: Met): NodeState {
  const { nodePortAddresses, ipvs, userspace } = state;
  if (userspace !== undefined) return state;
  const met = (all: readonly string[]) => all.filter((ip) => addresses.has(ip));
  return {
    ...state,
    servicePorts,
    healthChecks: [],
    nodePortAddresses:
      nodePortAddresses.kind === 'local'
        ? nodePortAddresses
        : { kind: 'addresses', addresses: met(nodePortAddresses.addresses) },
    ipvs: ipvs && {
      ...ipvs,
      addresses: met(ipvs.addresses),
      nodePortAddresses: met(ipvs.nodePortAddresses),
    },
  };
}

/** Sources that rules of a service port may ask for, beside ranges. */
function sourcesIn(servicePort: ServicePort): readonly string[] {
  const { admitted, ipvs } = servicePort;
  const hairpin = ipvs?.hairpin.map(({ ip }) => ip) ?? [];
  return [...addressesOf(servicePort), ...(admitted?.ofNode ?? []), ...hairpin];
}

/** What rules are made of beside Services and the node's own addresses, which are compared where they matter. */
function contextOf({ state, setting }: WholeNode): string {
  const { servicePorts, healthChecks, nodeName, nodeIP, nodePortAddresses, ipvs, userspace, ...others } =
    state;
  const proxies = userspace && [nodeIP, userspace.settings, [...userspace.proxyPorts]];
  return JSON.stringify([setting, others, nodeName === undefined, ipvs?.settings, proxies]);
}

/** Tells sources apart by the ranges that rules of all nodes like this one may ask for. */
function rangeTests({ state, host }: WholeNode): (source: string) => string {
  const { localDetector, serviceCIDRs } = state;
  const ranges = localDetector.kind === 'cidr' ? [localDetector.cidr, ...serviceCIDRs] : serviceCIDRs;
  const tests = [
    ...ranges.map(cidrTest),
    (source: string) => isLocal(host, source),
    (source: string) => isLoopback(source),
  ];
  const known = new Map<string, string>();
  return (source) => {
    const found = known.get(source) ?? tests.map((holds) => (holds(source) ? 1 : 0)).join('');
    known.set(source, found);
    return found;
  };
}

/** What rules are made of a service port. Where its endpoints are is asked in few layouts. */
function contentReader(setting: RuleSetting): (servicePort: ServicePort) => string {
  const isAsked = asksPlaces(setting);
  const listOf = (endpoints: readonly Endpoint[]) =>
    endpoints
      .map(({ hostPort, isLocal: isHere }) => (isAsked && isHere ? `${hostPort} here` : hostPort))
      .join();
  const deliveryOf = (delivery: Delivery | undefined) =>
    delivery?.kind === 'endpoints'
      ? `${delivery.pool.scope} ${listOf(delivery.pool.endpoints)}`
      : delivery?.kind;
  return (servicePort) => {
    const { internal, external, pools, reachable, ipvs, ...others } = servicePort;
    const parts: Record<keyof ServicePort, unknown> = {
      ...others,
      internal: deliveryOf(internal),
      external: external && [
        deliveryOf(external.fromOutside),
        deliveryOf(external.fromInside),
        external.isServed,
        external.keepsClientIP,
      ],
      pools: pools.map(({ scope, endpoints }) => `${scope} ${listOf(endpoints)}`),
      reachable: listOf(reachable),
      // Only flows that there are already are looked at.
      serving: undefined,
      ipvs: ipvs && [listOf(ipvs.internal), listOf(ipvs.external), listOf(ipvs.hairpin)],
    };
    return JSON.stringify(parts);
  };
}
