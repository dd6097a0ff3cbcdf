import type { NftDestinationElement } from '../../../lang/nftables/elements/element.ts';
import type { NftStatement } from '../../../lang/nftables/expressions/statement.ts';
import type { NftChain, NftMap } from '../../../lang/nftables/ruleset.ts';
import { type L4Protocol, lowerCaseProtocol } from '../../../lang/packet/l4-protocol.ts';
import type { NodeState, ServicePort } from '../../../model/node-state.ts';
import { fromForeigners, named, ofProtocol, rule } from '../expressions.ts';
import { NFT_CHAINS, NFT_MAPS } from '../vocabulary.ts';
import { markForMasquerade } from './hook-chains.ts';
import type { PlainPort } from './plan.ts';

/**
 * Endpoints of plain service ports. They are in one map a protocol, by clusterIP, port and a drawn number, because
 * maps are what costs when rules are loaded: the kernel takes time for each map of a transaction that grows with the
 * number of those before. What differs is only how many numbers to draw, so there is one chain for each such count.
 */

const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;

/** The chain that sends connections to one endpoint of any plain service port with so many. */
export function drawingChain({ servicePort, endpoints }: PlainPort): string {
  return chainName(lowerCaseProtocol(servicePort.protocol), endpoints.length);
}

function chainName(protocol: L4Protocol, count: number): string {
  return `${NFT_CHAINS.endpoint.name}${protocol}-1-of-${count}`;
}

function mapName(protocol: L4Protocol): string {
  return `${NFT_MAPS.endpoints.name}${protocol}`;
}

export function* endpointMaps(ports: readonly PlainPort[]): Generator<NftMap> {
  for (const protocol of PROTOCOLS) {
    const served = ports.filter(({ servicePort }) => isOf(protocol, servicePort));
    if (served.length === 0) continue;
    yield {
      name: mapName(protocol),
      key: NFT_MAPS.endpoints.key,
      protocol,
      values: NFT_MAPS.endpoints.values,
      elements: endpointElements(served),
    };
  }
}

function* endpointElements(ports: readonly PlainPort[]): Generator<NftDestinationElement> {
  for (const { servicePort, endpoints } of ports) {
    const { clusterIP, port } = servicePort;
    for (const [index, to] of endpoints.entries()) yield { key: [clusterIP, port, index], to };
  }
}

export function* drawingChains(state: NodeState, ports: readonly PlainPort[]): Generator<NftChain> {
  const foreign = fromForeigners(state.masqueraded, 'iifname');
  for (const protocol of PROTOCOLS) {
    const ofProtocolPorts = ports.filter(({ servicePort }) => isOf(protocol, servicePort));
    const counts = new Set(ofProtocolPorts.map(({ endpoints }) => endpoints.length));
    for (const count of [...counts].sort((a, b) => a - b)) {
      const marking = foreign === undefined ? [] : [rule(foreign, [markForMasquerade(state)])];
      const rules = [...marking, rule([ofProtocol(protocol)], [draw(protocol, count)])];
      yield { name: chainName(protocol, count), rules };
    }
  }
}

function draw(protocol: L4Protocol, modulus: number): NftStatement {
  const key = ['daddr', 'dport', { kind: 'random', modulus }] as const;
  return { kind: 'dnat', to: { kind: 'map', key, protocol, map: named(mapName(protocol)) } };
}

function isOf(protocol: L4Protocol, servicePort: ServicePort): boolean {
  return lowerCaseProtocol(servicePort.protocol) === protocol;
}
