import type { NftDestinationElement, NftVerdictElement } from '../../../lang/nftables/elements/element.ts';
import type { NftStatement } from '../../../lang/nftables/expressions/statement.ts';
import type { NftChain, NftMap, NftTable } from '../../../lang/nftables/ruleset.ts';
import { type L4Protocol, lowerCaseProtocol } from '../../../lang/packet/l4-protocol.ts';
import { concat } from '../../../lang/text/concat.ts';
import type { AdmittedSources, NodeState, ServicePort } from '../../../model/node-state.ts';
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
  const plain = groupPlain(ports.filter((port) => port.kind === 'plain'));
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
 * Endpoints of plain service ports. They are in two maps a protocol, by clusterIP, port and a drawn number, because
 * maps are what costs when rules are loaded: the kernel takes time for each map of a transaction that grows with the
 * number of those before. What differs is only how many numbers to draw, so there is one chain for each such count.
 * Where a port is alone at its clusterIP, a map does without it: nft keeps 0.2 KB for it in each of its elements.
 */

const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;

/** Plain service ports whose endpoints are in one map. */
interface PlainGroup extends Pick<PlainPort, 'isAlone'> {
  readonly protocol: L4Protocol;
  readonly ports: readonly PlainPort[];
}

function groupPlain(ports: readonly PlainPort[]): readonly PlainGroup[] {
  const groups = PROTOCOLS.flatMap((protocol) =>
    [true, false].map((isAlone) => ({
      protocol,
      isAlone,
      ports: ports.filter((port) => port.isAlone === isAlone && isOf(protocol, port.servicePort)),
    })),
  );
  return groups.filter((group) => group.ports.length > 0);
}

/** The chain that sends connections to one endpoint of any plain service port with so many. */
function drawingChain({ servicePort, endpoints, isAlone }: PlainPort): string {
  return chainName({ protocol: lowerCaseProtocol(servicePort.protocol), isAlone }, endpoints.length);
}

type GroupIdentity = Pick<PlainGroup, 'protocol' | 'isAlone'>;

function chainName({ protocol, isAlone }: GroupIdentity, count: number): string {
  return `${NFT_CHAINS.endpoint.name}${protocol}${isAlone ? '-alone' : ''}-1-of-${count}`;
}

function mapRow({ isAlone }: GroupIdentity) {
  return isAlone ? NFT_MAPS.aloneEndpoints : NFT_MAPS.endpoints;
}

function mapName(group: GroupIdentity): string {
  return `${mapRow(group).name}${group.protocol}`;
}

function* endpointMaps(groups: readonly PlainGroup[]): Generator<NftMap> {
  for (const group of groups) {
    const { key, values } = mapRow(group);
    yield { name: mapName(group), key, protocol: group.protocol, values, elements: endpointElements(group) };
  }
}

function* endpointElements({ ports, isAlone }: PlainGroup): Generator<NftDestinationElement> {
  for (const { servicePort, endpoints } of ports) {
    const { clusterIP, port } = servicePort;
    for (const [index, to] of endpoints.entries()) {
      yield { key: isAlone ? [clusterIP, index] : [clusterIP, port, index], to };
    }
  }
}

function* drawingChains(state: NodeState, groups: readonly PlainGroup[]): Generator<NftChain> {
  const foreign = fromForeigners(state.masqueraded, 'iifname');
  const marking = foreign === undefined ? [] : [rule(foreign, [markForMasquerade(state)])];
  for (const group of groups) {
    const counts = new Set(group.ports.map(({ endpoints }) => endpoints.length));
    for (const count of [...counts].sort((a, b) => a - b)) {
      const rules = [...marking, rule([ofProtocol(group.protocol)], [draw(group, count)])];
      yield { name: chainName(group, count), rules };
    }
  }
}

function draw(group: PlainGroup, modulus: number): NftStatement {
  const drawn = { kind: 'random', modulus } as const;
  const asked = group.isAlone
    ? { key: ['daddr', drawn] as const }
    : { key: ['daddr', 'dport', drawn] as const, protocol: group.protocol };
  return { kind: 'dnat', to: { kind: 'map', ...asked, map: named(mapName(group)) } };
}

function isOf(protocol: L4Protocol, servicePort: ServicePort): boolean {
  return lowerCaseProtocol(servicePort.protocol) === protocol;
}
