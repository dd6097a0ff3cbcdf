import type { TargetAddress } from '../explain/targets.ts';
import { cidrTest } from '../lang/packet/cidr-test.ts';
import { type Host, isLocal, isLoopback } from '../lang/packet/host.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import {
  type Endpoint,
  formatServicePortName,
  type NodePortMatch,
  type NodeState,
  type ServicePort,
} from '../model/node-state.ts';
import { MODES } from '../modes/index.ts';
import type { RuleSetting } from '../modes/mode.ts';
import { emptyNumbers, type Numbers, shapeOf } from './shape.ts';

/**
 * The part of a node that a connection can meet. Every rule about a Service asks for one of its addresses or for a port of the
 * node, so that Services whose addresses no packet of the connection has can be left out, whatever the mode. What is left is small,
 * and has the same shape on most nodes, after most changes, and around most Services: what becomes of a connection there has to
 * be found out once.
 */
export interface Vicinity {
  /** Everything of the node that is no Service: one text for all vicinities of the node. */
  readonly context: string;
  /** In vicinities of one context and shape, rules do the same with packets that have the same numbers and class. */
  readonly shape: string;
  readonly numbers: Numbers;
  /** Only these Services can be met. */
  readonly servicePorts: readonly ServicePort[];
  /** Tells sources apart, as far as rules can. */
  readonly classOf: (source: string) => string;
  /** The rules of these Services alone: made anew each time. */
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

/** More parts of a node are not kept: cases about one Service mostly stand together. */
const MAX_KNOWN = 100;

/** Finds what connections to an address can meet of a node. */
export function vicinityFinder(node: WholeNode): (address: TargetAddress) => Vicinity {
  const known = new Map<string, Vicinity>();
  const context = contextOf(node);
  const rangesOf = rangeTests(node);
  let index: PortIndex | undefined;
  return ({ destination, port }) => {
    const place = `${destination} ${port}`;
    const found = known.get(place);
    if (found !== undefined) return found;
    index ??= indexPorts(node);
    const made = vicinity(node, meet({ destination, port }, node.state, index), { context, rangesOf });
    if (known.size >= MAX_KNOWN) known.clear();
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
  readonly ports: ReadonlySet<number>;
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
  return { addresses, ports, servicePorts: [...met].sort((a, b) => placeOf(a) - placeOf(b)) };
}

function endpointsOf({ reachable, ipvs }: ServicePort): readonly Endpoint[] {
  return ipvs === undefined ? reachable : [...reachable, ...ipvs.internal, ...ipvs.external];
}

interface Reading {
  readonly context: string;
  readonly rangesOf: (ip: string) => string;
}

function vicinity(node: WholeNode, met: Met, { context, rangesOf }: Reading): Vicinity {
  const { state, setting, host, addresses } = node;
  const { servicePorts } = met;
  const numbers = emptyNumbers();
  // Where a connection goes has the first number, as in all vicinities.
  for (const ip of met.addresses) numbers.addresses.of(ip);
  for (const port of met.ports) numbers.ports.of(port);
  const spelled = shapeOf(servicePorts, numbers, { asksPlaces: asksPlaces(setting) });
  const part = partOf(state, met);
  const own = [part.ipvs?.addresses, part.ipvs?.nodePortAddresses, addressesIn(part.nodePortAddresses)];
  const ownNumbers = own.map((ips) => ips?.map(numbers.addresses.of).join());
  const tests = servicePorts.flatMap(({ admitted }) => (admitted?.ranges ?? []).map(cidrTest));
  const rangesAmong = (ip: string) =>
    tests.length === 0
      ? rangesOf(ip)
      : `${rangesOf(ip)}${tests.map((holds) => (holds(ip) ? 1 : 0)).join('')}`;
  const ranges = numbers.addresses.values.map(rangesAmong);
  const isLiteral = state.userspace !== undefined;
  return {
    context,
    shape: `${spelled}\n${ownNumbers.join('|')}\n${ranges.join()}${isLiteral ? literally(met, numbers) : ''}`,
    numbers,
    servicePorts,
    classOf: (source) => `${rangesAmong(source)} ${numbers.addresses.find(source) ?? ''}`,
    rules: () => {
      const mode = MODES[setting.mode];
      const partHost: Host = { ...mode.host(part, addresses), localAddresses: host.localAddresses };
      return { host: partHost, firewall: mode.firewall(part, setting, partHost) };
    },
  };
}

function addressesIn(match: NodePortMatch): readonly string[] | undefined {
  return match.kind === 'addresses' ? match.addresses : undefined;
}

/** Proxies of a node are known by the names of their Services, and have ports of their own. */
function literally({ servicePorts }: Met, { addresses, ports }: Numbers): string {
  return JSON.stringify([
    servicePorts.map(({ name }) => formatServicePortName(name)),
    addresses.values,
    ports.values,
  ]);
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

/** What rules are made of beside Services and the node's own addresses, which are compared where they matter. */
function contextOf({ state, setting }: WholeNode): string {
  const { servicePorts, healthChecks, nodeName, nodeIP, nodePortAddresses, ipvs, userspace, ...others } =
    state;
  const proxies = userspace && [nodeIP, userspace.settings, [...userspace.proxyPorts]];
  const nodePorts = nodePortAddresses.kind === 'local' ? nodePortAddresses : nodePortAddresses.kind;
  return JSON.stringify([setting, others, nodeName === undefined, nodePorts, ipvs?.settings, proxies]);
}

/** The ranges that an address is in, of those that rules of all nodes like this one may ask for. */
function rangeTests({ state, host }: WholeNode): (ip: string) => string {
  const { localDetector, serviceCIDRs } = state;
  const ranges = localDetector.kind === 'cidr' ? [localDetector.cidr, ...serviceCIDRs] : serviceCIDRs;
  const tests = [...ranges.map(cidrTest), (ip: string) => isLocal(host, ip), isLoopback];
  return (ip) => {
    let ranges = '';
    for (const holds of tests) ranges += holds(ip) ? '1' : '0';
    return ranges;
  };
}
