import type {
  NftAddressElement,
  NftDestinationElement,
  NftVerdictElement,
} from '../../../lang/nftables/elements/element.ts';
import type { NftStatement } from '../../../lang/nftables/expressions/statement.ts';
import type { NftChain, NftMap, NftTable } from '../../../lang/nftables/ruleset.ts';
import type { L4Protocol } from '../../../lang/packet/l4-protocol.ts';
import { concat } from '../../../lang/text/concat.ts';
import { inParts, isEmpty, type ListPart, madeOfEach } from '../../../lang/text/in-parts.ts';
import type { AdmittedSources, NodeState, ServicePort } from '../../../model/node-state.ts';
import { sha256Base32Prefix } from '../../../model/sha256.ts';
import { firewallOf } from '../../netfilter/conditions.ts';
import { clientsTold, type PartKeeper } from '../../rule-memory.ts';
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
import {
  type PlainGroup,
  type PlainPort,
  type PlannedPort,
  planPort,
  planPorts,
  type SpecialPort,
} from './plan.ts';
import { serviceChains } from './service-chains.ts';

/**
 * What iptables mode does, with few chains, sets and maps: one verdict map leads to all Services, and nothing is in a
 * chain of its own that can be an element of a map.
 */
export function buildCompactTable(state: NodeState, memory: NftablesMemory): NftTable {
  const planned = memory.plan(state.servicePorts, planPort);
  const { items: ports } = memory.ports({ name: 'ports', madeFor: '' })(planned, planPorts);
  const plain = ports.filter((port) => port.kind === 'plain');
  const special = ports.filter((port) => port.kind === 'special');
  const verdictMaps = verdictMapsOf({ planned, ports }, memory.verdicts);
  const present = new Set(verdictMaps.map(({ name }) => name));
  const ofService = memory.chains({ name: 'services', madeFor: clientsTold(state) });
  return {
    family: state.family,
    name: TABLE_NAME,
    sets: [hairpinSet(state, memory.keys), ...special.flatMap(affinitySets)],
    formerBaseChains: BASE_CHAIN_NAMES,
    maps: [...verdictMaps, ...endpointMaps(plain, memory)],
    chains: inParts(
      concat<ListPart<NftChain>>([
        [
          {
            items: [
              ...compactHookChains(state, present),
              ...firewallChains(state),
              ...drawingChains(state, plain),
            ],
          },
        ],
        madeOfEach(special, (port) => ofService(port, () => serviceChains(state, port))),
      ]),
    ),
  };
}

type VerdictParts = Iterable<ListPart<NftVerdictElement>>;

/** Service ports as rules know them. */
interface PortPlan {
  /** All of them. */
  readonly planned: readonly PlannedPort[];
  /** Those that have somewhere to send connections to, in their order. */
  readonly ports: readonly (PlainPort | SpecialPort)[];
}

/** Maps without elements are left out, and what would look into them. */
function verdictMapsOf({ planned, ports }: PortPlan, keeper: PartKeeper<NftVerdictElement>): NftMap[] {
  const ofPorts = (
    name: string,
    elementsOf: (port: PlainPort | SpecialPort) => Iterable<NftVerdictElement>,
  ) => {
    const part = keeper({ name, madeFor: '' });
    return madeOfEach(ports, (port) => part(port, elementsOf));
  };
  const ofAll = (name: string, elementsOf: (servicePort: ServicePort) => Iterable<NftVerdictElement>) => {
    const part = keeper({ name, madeFor: '' });
    return madeOfEach(planned, (port) => part(port, ({ servicePort }) => elementsOf(servicePort)));
  };
  const { serviceIPs, serviceNodePorts, noEndpointServices, noEndpointNodePorts, firewallIPs } = NFT_MAPS;
  const maps: readonly [MapRow, VerdictParts][] = [
    [serviceIPs, ofPorts(serviceIPs.name, servedAddresses)],
    [serviceNodePorts, ofPorts(serviceNodePorts.name, servedNodePorts)],
    [noEndpointServices, ofAll(noEndpointServices.name, refusedAddresses)],
    [noEndpointNodePorts, ofAll(noEndpointNodePorts.name, refusedNodePorts)],
    [firewallIPs, ofAll(firewallIPs.name, firewalledAddresses)],
  ];
  return maps.flatMap(([{ name, key }, all]) => {
    const parts = firstOfEach(all);
    return isEmpty(parts) ? [] : [{ name, key, values: 'verdict' as const, elements: inParts(parts) }];
  });
}

function* servedAddresses(port: PlainPort | SpecialPort): Generator<NftVerdictElement> {
  const { servicePort } = port;
  const { clusterIP, internal } = servicePort;
  if (port.kind === 'plain') {
    yield toPort(servicePort, clusterIP, goTo(port.group.chain));
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

/** Addresses that are for source ranges alone. */
function* firewalledAddresses(servicePort: ServicePort): Generator<NftVerdictElement> {
  const admitted = firewallOf(servicePort);
  if (admitted === undefined) return;
  const verdict = goTo(firewallChain(admitted));
  for (const ip of servicePort.loadBalancerIPs) yield toPort(servicePort, ip, verdict);
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

function* endpointMaps(
  ports: readonly PlainPort[],
  { addresses, destinations }: NftablesMemory,
): Generator<NftMap> {
  const [toAddresses, toDestinations] = [
    addresses({ name: NFT_MAPS.endpointIPs.name, madeFor: '' }),
    destinations({ name: NFT_MAPS.endpoints.name, madeFor: '' }),
  ];
  for (const protocol of PROTOCOLS) {
    const own = ports.filter(({ group }) => group.protocol === protocol);
    const [shared, others] = [own.filter(hasOnePort), own.filter((port) => !hasOnePort(port))];
    if (shared.length > 0) {
      const { key, values } = NFT_MAPS.endpointIPs;
      const name = mapName(NFT_MAPS.endpointIPs, protocol);
      const parts = madeOfEach(shared, (port) => toAddresses(port, addressElements));
      yield { name, key, values, elements: inParts(parts) };
    }
    if (others.length > 0) {
      const { key, values } = NFT_MAPS.endpoints;
      const name = mapName(NFT_MAPS.endpoints, protocol);
      const parts = madeOfEach(others, (port) => toDestinations(port, endpointElements));
      yield { name, key, protocol, values, elements: inParts(parts) };
    }
  }
}

function hasOnePort({ group }: PlainPort): boolean {
  return group.endpointPort !== undefined;
}

function mapName({ name }: MapRow, protocol: L4Protocol): string {
  return `${name}${protocol}`;
}

function addressElements({ servicePort, endpoints }: PlainPort): readonly NftAddressElement[] {
  return endpoints.map(({ ip }, index) => ({ key: [servicePort.clusterIP, index], ip }));
}

function endpointElements({ servicePort, endpoints }: PlainPort): readonly NftDestinationElement[] {
  const { clusterIP, port } = servicePort;
  return endpoints.map((to, index) => ({ key: [clusterIP, port, index], to }));
}

/** In the order of their protocols, ports and counts. */
function* drawingChains(state: NodeState, ports: readonly PlainPort[]): Generator<NftChain> {
  const foreign = fromForeigners(state.masqueraded, 'iifname');
  const marking = foreign === undefined ? [] : [rule(foreign, [markForMasquerade(state)])];
  const groups = new Map(ports.map(({ group }) => [group.chain, group]));
  for (const group of [...groups.values()].sort(compareGroups)) {
    const rules = [...marking, rule([ofProtocol(group.protocol)], [draw(group)])];
    yield { name: group.chain, rules };
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
