import type {
  NftAddressElement,
  NftDestinationElement,
  NftVerdictElement,
} from '../../../lang/nftables/elements/element.ts';
import type { NftStatement } from '../../../lang/nftables/expressions/statement.ts';
import type { NftChain, NftMap, NftTable } from '../../../lang/nftables/ruleset.ts';
import { type L4Protocol, lowerCaseProtocol } from '../../../lang/packet/l4-protocol.ts';
import { concat } from '../../../lang/text/concat.ts';
import type { AdmittedSources, NodeState } from '../../../model/node-state.ts';
import { sha256Base32Prefix } from '../../../model/sha256.ts';
import { firewallOf } from '../../netfilter/conditions.ts';
import { BASE_CHAIN_NAMES } from '../base-chains.ts';
import { fromForeigners, goTo, named, ofProtocol, rule } from '../expressions.ts';
import {
  externalAddresses,
  firstOfEach,
  refusedAddresses,
  refusedNodePorts,
  toNodePort,
  toPort,
} from '../map-elements.ts';
import type { NftablesMemory } from '../memory.ts';
import { poolChain } from '../names.ts';
import { affinitySets, dropOthers } from '../service-rules.ts';
import { type MapRow, NFT_CHAINS, NFT_MAPS, TABLE_NAME } from '../vocabulary.ts';
import { compactHookChains, hairpinSet, markForMasquerade } from './hook-chains.ts';
import { type PlainPort, planPorts, type SpecialPort } from './plan.ts';
import { serviceChains } from './service-chains.ts';

/**
 * What iptables mode does, with few chains, sets and maps: one verdict map leads to all Services, and nothing is in a
 * chain of its own that can be an element of a map.
 */
export function buildCompactTable(state: NodeState, memory: NftablesMemory): NftTable {
  const ports = planPorts(state);
  const plain = ports.filter((port) => port.kind === 'plain');
  const special = ports.filter((port) => port.kind === 'special');
  const verdictMaps = verdictMapsOf(state, ports);
  const present = new Set(verdictMaps.map(({ name }) => name));
  return {
    family: state.family,
    name: TABLE_NAME,
    sets: [hairpinSet(state), ...special.flatMap(affinitySets)],
    formerBaseChains: BASE_CHAIN_NAMES,
    maps: [...verdictMaps, ...endpointMaps(plain)],
    chains: concat<NftChain>([
      compactHookChains(state, present),
      firewallChains(state),
      drawingChains(state, plain),
      eachOf(special, (port) =>
        memory.chains(state, { of: port, kind: 'choice' }, () => serviceChains(state, port)),
      ),
    ]),
  };
}

/** Maps without elements are left out, and what would look into them. */
function verdictMapsOf(state: NodeState, ports: readonly (PlainPort | SpecialPort)[]): NftMap[] {
  const maps: readonly [MapRow, Iterable<NftVerdictElement>][] = [
    [NFT_MAPS.serviceIPs, eachOf(ports, servedAddresses)],
    [NFT_MAPS.serviceNodePorts, eachOf(ports, servedNodePorts)],
    [NFT_MAPS.noEndpointServices, refusedAddresses(state.servicePorts)],
    [NFT_MAPS.noEndpointNodePorts, refusedNodePorts(state.servicePorts)],
    [NFT_MAPS.firewallIPs, firewalledAddresses(state)],
  ];
  return maps.flatMap(([{ name, key }, all]) => {
    const elements = [...firstOfEach(all)];
    return elements.length === 0 ? [] : [{ name, key, values: 'verdict' as const, elements }];
  });
}

function* servedAddresses(port: PlainPort | SpecialPort): Generator<NftVerdictElement> {
  const { servicePort } = port;
  const { clusterIP, internal } = servicePort;
  if (port.kind === 'plain') {
    yield toPort(servicePort, clusterIP, goTo(drawingChain(port)));
    return;
  }
  if (internal.kind === 'endpoints') {
    yield toPort(servicePort, clusterIP, goTo(poolChain(port.chains, internal.pool)));
  }
  if (!servicePort.external?.isServed) return;
  for (const ip of externalAddresses(servicePort)) yield toPort(servicePort, ip, goTo(port.chains.external));
}

function* servedNodePorts(port: PlainPort | SpecialPort): Generator<NftVerdictElement> {
  const { servicePort } = port;
  if (port.kind === 'plain' || servicePort.nodePort === 0 || !servicePort.external?.isServed) return;
  yield toNodePort(servicePort, goTo(port.chains.external));
}

function* eachOf<Item, Part>(
  items: readonly Item[],
  partsOf: (item: Item) => Iterable<Part>,
): Generator<Part> {
  for (const item of items) yield* partsOf(item);
}

/** Addresses that are for source ranges alone. */
function* firewalledAddresses({ servicePorts }: NodeState): Generator<NftVerdictElement> {
  for (const servicePort of servicePorts) {
    const admitted = firewallOf(servicePort);
    if (admitted === undefined) continue;
    const verdict = goTo(firewallChain(admitted));
    for (const ip of servicePort.loadBalancerIPs) yield toPort(servicePort, ip, verdict);
  }
}

/** One chain for each list of source ranges: Services often have the same. */
function* firewallChains({ servicePorts }: NodeState): Generator<NftChain> {
  const seen = new Set<string>();
  for (const servicePort of servicePorts) {
    const admitted = firewallOf(servicePort);
    if (admitted === undefined) continue;
    const name = firewallChain(admitted);
    if (seen.has(name)) continue;
    seen.add(name);
    yield { name, rules: [dropOthers(admitted)] };
  }
}

function firewallChain({ ranges, ofNode }: AdmittedSources): string {
  return `${NFT_CHAINS.firewall.name}${sha256Base32Prefix([...ranges, ...ofNode].join(' '))}`;
}

/**
 * Endpoints of plain service ports. They are in two maps a protocol, because maps are what costs when rules are loaded: the
 * kernel takes time for each map of a transaction that grows with the number of those before. What differs is only how many
 * numbers to draw, so there is one chain for each such count.
 *
 * Most ports are alone at their clusterIP, and their endpoints have one port: a map leads from the clusterIP and the number
 * to the address, and their chain knows the port. nft 1.0.6 keeps an element of it in 1.3 KB, one of the other map, by clusterIP,
 * port and number to address and port, in 2.1 KB.
 */

const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;

/** Plain service ports that share a chain. */
interface PlainGroup {
  readonly protocol: L4Protocol;
  readonly endpointPort: number | undefined;
  /** How many endpoints each has. */
  readonly count: number;
}

/** The chain that sends connections to one endpoint of any plain service port of a group. */
function drawingChain(port: PlainPort): string {
  return chainName(groupOf(port));
}

function groupOf({ servicePort, endpoints, endpointPort }: PlainPort): PlainGroup {
  return { protocol: lowerCaseProtocol(servicePort.protocol), endpointPort, count: endpoints.length };
}

function chainName({ protocol, endpointPort, count }: PlainGroup): string {
  const to = endpointPort === undefined ? '' : `-to-${endpointPort}`;
  return `${NFT_CHAINS.endpoint.name}${protocol}${to}-1-of-${count}`;
}

function* endpointMaps(ports: readonly PlainPort[]): Generator<NftMap> {
  for (const protocol of PROTOCOLS) {
    const own = ports.filter(({ servicePort }) => lowerCaseProtocol(servicePort.protocol) === protocol);
    const [shared, others] = [own.filter(hasOnePort), own.filter((port) => !hasOnePort(port))];
    if (shared.length > 0) {
      const { key, values } = NFT_MAPS.endpointIPs;
      const name = mapName(NFT_MAPS.endpointIPs, protocol);
      yield { name, key, values, elements: addressElements(shared) };
    }
    if (others.length > 0) {
      const { key, values } = NFT_MAPS.endpoints;
      const name = mapName(NFT_MAPS.endpoints, protocol);
      yield { name, key, protocol, values, elements: endpointElements(others) };
    }
  }
}

function hasOnePort({ endpointPort }: PlainPort): boolean {
  return endpointPort !== undefined;
}

function mapName({ name }: MapRow, protocol: L4Protocol): string {
  return `${name}${protocol}`;
}

function* addressElements(ports: readonly PlainPort[]): Generator<NftAddressElement> {
  for (const { servicePort, endpoints } of ports) {
    let index = 0;
    for (const { ip } of endpoints) yield { key: [servicePort.clusterIP, index++], ip };
  }
}

function* endpointElements(ports: readonly PlainPort[]): Generator<NftDestinationElement> {
  for (const { servicePort, endpoints } of ports) {
    const { clusterIP, port } = servicePort;
    for (const [index, to] of endpoints.entries()) yield { key: [clusterIP, port, index], to };
  }
}

/** In the order of their protocols, ports and counts. */
function* drawingChains(state: NodeState, ports: readonly PlainPort[]): Generator<NftChain> {
  const foreign = fromForeigners(state.masqueraded, 'iifname');
  const marking = foreign === undefined ? [] : [rule(foreign, [markForMasquerade(state)])];
  const groups = new Map(ports.map((port) => [drawingChain(port), groupOf(port)]));
  for (const group of [...groups.values()].sort(compareGroups)) {
    const rules = [...marking, rule([ofProtocol(group.protocol)], [draw(group)])];
    yield { name: chainName(group), rules };
  }
}

function compareGroups(a: PlainGroup, b: PlainGroup): number {
  return (
    PROTOCOLS.indexOf(a.protocol) - PROTOCOLS.indexOf(b.protocol) ||
    (a.endpointPort ?? 0) - (b.endpointPort ?? 0) ||
    a.count - b.count
  );
}

function draw({ protocol, endpointPort: port, count: modulus }: PlainGroup): NftStatement {
  const drawn = { kind: 'random', modulus } as const;
  if (port !== undefined) {
    const map = mapName(NFT_MAPS.endpointIPs, protocol);
    return { kind: 'dnat', to: { kind: 'address-map', key: ['daddr', drawn], map, port } };
  }
  const key = ['daddr', 'dport', drawn] as const;
  return {
    kind: 'dnat',
    to: { kind: 'map', key, protocol, map: named(mapName(NFT_MAPS.endpoints, protocol)) },
  };
}
