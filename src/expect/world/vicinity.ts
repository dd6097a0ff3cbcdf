import type { TargetAddress } from '../../explain/connection/targets.ts';
import { cidrTest } from '../../lang/packet/cidr-test.ts';
import { type Host, isLocal, isLoopback } from '../../lang/packet/host.ts';
import type { Firewall } from '../../lang/packet/rules.ts';
import {
  type Endpoint,
  formatServicePortName,
  type NodeState,
  type ServicePort,
} from '../../model/node-state.ts';
import { MODES } from '../../modes/index.ts';
import { type AddressPlaces, asksPlaces, indexNode, type NodeIndex, type WholeNode } from './node-index.ts';
import { emptyNumbers, type Numbers, numberOf, shapeOf, valueAt } from './shape.ts';

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

/** More parts of a node are not kept: cases about one Service mostly stand together. */
const MAX_KNOWN = 100;

/** Finds what connections to an address can meet of a node. */
export function vicinityFinder(node: WholeNode): (address: TargetAddress) => Vicinity {
  const known = new Map<string, Vicinity>();
  const context = contextOf(node);
  const rangesOf = rangeTests(node);
  let index: NodeIndex | undefined;
  return ({ destination, port }) => {
    const place = `${destination} ${port}`;
    const found = known.get(place);
    if (found !== undefined) return found;
    index ??= indexNode(node);
    const made = vicinity(node, meet({ destination, port }, node.state, index), { context, rangesOf, index });
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(place, made);
    return made;
  };
}

/** What packets of a connection can have as destination, and the service ports that have rules for that. */
interface Met {
  /** Where a connection goes has the first number, as in all vicinities. */
  readonly numbers: Numbers;
  /** In the order of the state. */
  readonly servicePorts: readonly ServicePort[];
}

/** An endpoint may have the address of another Service, and so on. */
function meet(
  { destination, port }: Pick<TargetAddress, 'destination' | 'port'>,
  { servicePorts, userspace }: NodeState,
  { byAddress, byNodePort, places }: NodeIndex,
): Met {
  const numbers = emptyNumbers();
  const { addresses, ports } = numbers;
  numberOf(addresses, destination);
  numberOf(ports, port);
  const met = new Set<ServicePort>();
  const add = (servicePort: ServicePort): void => {
    if (met.has(servicePort)) return;
    met.add(servicePort);
    for (const endpoint of endpointsOf(servicePort)) {
      numberOf(addresses, endpoint.ip);
      numberOf(ports, endpoint.port);
    }
  };
  // Whatever comes to the port of a proxy is served, and rules name the node's own address.
  if (userspace !== undefined) servicePorts.forEach(add);
  // Both lists grow on the way.
  for (let [ip, nodePort] = [0, 0]; ip < addresses.values.length || nodePort < ports.values.length; ) {
    for (; ip < addresses.values.length; ip += 1) byAddress.get(valueAt(addresses, ip))?.forEach(add);
    for (; nodePort < ports.values.length; nodePort += 1)
      byNodePort.get(valueAt(ports, nodePort))?.forEach(add);
  }
  // Where there is no Service at all, some modes have no rules either.
  const [first] = servicePorts;
  if (met.size === 0 && first !== undefined) add(first);
  const placeOf = (servicePort: ServicePort) => places.get(servicePort) ?? 0;
  return { numbers, servicePorts: [...met].sort((a, b) => placeOf(a) - placeOf(b)) };
}

function endpointsOf({ reachable, ipvs }: ServicePort): readonly Endpoint[] {
  return ipvs === undefined ? reachable : [...reachable, ...ipvs.internal, ...ipvs.external];
}

/** Of the node's own addresses, those that packets of a connection can have as destination: in the order of the state. */
interface OwnAddresses {
  readonly nodePorts: readonly string[];
  readonly ipvs: readonly string[];
  readonly ipvsNodePorts: readonly string[];
}

function ownAmong(ips: readonly string[], index: NodeIndex): OwnAddresses {
  return {
    nodePorts: among(ips, index.nodePortAddresses),
    ipvs: among(ips, index.ipvsAddresses),
    ipvsNodePorts: among(ips, index.ipvsNodePortAddresses),
  };
}

function among(ips: readonly string[], places: AddressPlaces): readonly string[] {
  if (places.size === 0) return [];
  const placeOf = (ip: string) => places.get(ip) ?? 0;
  return ips.filter((ip) => places.has(ip)).sort((a, b) => placeOf(a) - placeOf(b));
}

interface Reading {
  readonly context: string;
  readonly rangesOf: (ip: string) => string;
  readonly index: NodeIndex;
}

function vicinity(node: WholeNode, met: Met, { context, rangesOf, index }: Reading): Vicinity {
  const { state, setting, host, addresses } = node;
  const { numbers, servicePorts } = met;
  const own = ownAmong(numbers.addresses.values, index);
  const spelled = shapeOf(servicePorts, numbers, { asksPlaces: asksPlaces(setting) });
  const ownNumbers = [own.nodePorts, own.ipvs, own.ipvsNodePorts].map((ips) =>
    ips.map((ip) => numberOf(numbers.addresses, ip)).join(),
  );
  const tests = servicePorts.flatMap(({ admitted }) => (admitted?.ranges ?? []).map(cidrTest));
  const rangesAmong = (ip: string) =>
    tests.length === 0
      ? rangesOf(ip)
      : `${rangesOf(ip)}${tests.map((holds) => (holds(ip) ? 1 : 0)).join('')}`;
  const ranges = numbers.addresses.values.map(rangesAmong);
  const isLiteral = state.userspace !== undefined;
  return {
    context,
    shape: `${spelled}\n${ownNumbers.join('|')}\n${ranges.join()}${isLiteral ? literally(met) : ''}`,
    numbers,
    servicePorts,
    classOf: (source) => `${rangesAmong(source)} ${numbers.addresses.byValue.get(source) ?? ''}`,
    rules: () => {
      const mode = MODES[setting.mode];
      const part = partOf(state, servicePorts, own);
      const partHost: Host = { ...mode.host(part, addresses), localAddresses: host.localAddresses };
      return { host: partHost, firewall: mode.firewall(part, setting, partHost) };
    },
  };
}

/** Proxies of a node are known by the names of their Services, and have ports of their own. */
function literally({ servicePorts, numbers: { addresses, ports } }: Met): string {
  return JSON.stringify([
    servicePorts.map(({ name }) => formatServicePortName(name)),
    addresses.values,
    ports.values,
  ]);
}

/** The node as if it served nothing but these service ports, at these addresses. */
function partOf(state: NodeState, servicePorts: readonly ServicePort[], own: OwnAddresses): NodeState {
  const { nodePortAddresses, ipvs, userspace } = state;
  if (userspace !== undefined) return state;
  return {
    ...state,
    servicePorts,
    healthChecks: [],
    nodePortAddresses:
      nodePortAddresses.kind === 'local'
        ? nodePortAddresses
        : { kind: 'addresses', addresses: own.nodePorts },
    ipvs: ipvs && { ...ipvs, addresses: own.ipvs, nodePortAddresses: own.ipvsNodePorts },
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
