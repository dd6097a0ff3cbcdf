import type { NftElement, NftVerdictElement } from '../../../lang/nftables/elements/element.ts';
import type { NftChain, NftMap, NftSet, NftTable } from '../../../lang/nftables/ruleset.ts';
import { lowerCaseProtocol } from '../../../lang/packet/l4-protocol.ts';
import type { NftablesFacts } from '../../../model/kubernetes-version.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { BASE_CHAIN_NAMES } from '../base-chains.ts';
import { goTo } from '../expressions.ts';
import {
  externalAddresses,
  firstOfEach,
  refusedAddresses,
  refusedNodePorts,
  toNodePort,
  toPort,
} from '../map-elements.ts';
import type { NftablesMemory } from '../memory.ts';
import { type NamedNftPort, nameNftPort, poolChain } from '../names.ts';
import { affinitySets } from '../service-rules.ts';
import { type MapRow, NFT_MAPS, NFT_SETS, type SetRow, TABLE_NAME } from '../vocabulary.ts';
import { kubeProxyHookChains } from './hook-chains.ts';
import { hasEndpointChains, nftChoiceChains, nftEndpointChains } from './service-chains.ts';

/** What kube-proxy's nftables mode programs for this state, as its version does: its own chains, sets and maps. */
export function buildKubeProxyTable(state: NodeState, memory: NftablesMemory): NftTable {
  const namedPorts = state.servicePorts.map((each) =>
    memory.name(each, () =>
      nameNftPort(each, hasEndpointChains(state.proxy.nftables, each) ? each.reachable : []),
    ),
  );
  return {
    family: state.family,
    name: TABLE_NAME,
    comment: 'rules for kube-proxy',
    sets: buildSets(state, namedPorts),
    formerBaseChains: BASE_CHAIN_NAMES,
    maps: buildMaps(state, namedPorts),
    chains: chainsOf(state, namedPorts, memory),
  };
}

function* chainsOf(
  state: NodeState,
  namedPorts: readonly NamedNftPort[],
  memory: NftablesMemory,
): Generator<NftChain> {
  yield* kubeProxyHookChains(state);
  for (const named of namedPorts) {
    yield* memory.chains(state, { of: named, kind: 'choice' }, () => nftChoiceChains(state, named));
    yield* memory.chains(state, { of: named, kind: 'endpoints' }, () => nftEndpointChains(state, named));
  }
}

/** kube-proxy's sets: of clusterIPs, of addresses for NodePorts, of hairpins, and of clients with session affinity. */
function buildSets(state: NodeState, namedPorts: readonly NamedNftPort[]): NftSet[] {
  const { servicePorts, nodePortAddresses, proxy } = state;
  const clusterIPs = firstOfEach(servicePorts.map(({ clusterIP }): NftElement => ({ key: [clusterIP] })));
  const nodePortIPs =
    nodePortAddresses.kind === 'local' ? undefined : nodePortAddresses.addresses.map((ip) => ({ key: [ip] }));
  return [
    setOf(NFT_SETS.clusterIPs, clusterIPs),
    ...(nodePortIPs === undefined ? [] : [setOf(NFT_SETS.nodePortIPs, nodePortIPs)]),
    ...(proxy.nftables.hairpinBy === 'set'
      ? [setOf(NFT_SETS.hairpinConnections, hairpinConnections(state))]
      : []),
    ...namedPorts.flatMap(affinitySets),
  ];
}

/**
 * Of endpoints that may reach themselves: this node's, or, where nobody said which node it is, all. Services often share
 * endpoints, and nft refuses an element that is there.
 */
function* hairpinConnections({ servicePorts, nodeName }: NodeState): Generator<NftElement> {
  const seen = new Map<string, Set<string>>();
  for (const { protocol, reachable } of servicePorts) {
    for (const { ip, port, isLocal } of reachable) {
      if (!isLocal && nodeName !== undefined) continue;
      const place = `${protocol} ${port}`;
      const known = seen.get(place) ?? new Set();
      seen.set(place, known);
      if (known.has(ip)) continue;
      known.add(ip);
      yield { key: [ip, ip, lowerCaseProtocol(protocol), port] };
    }
  }
}

function setOf({ name, comment, fields }: SetRow, elements: Iterable<NftElement>): NftSet {
  return { name, ...(comment === undefined ? {} : { comment }), fields, elements };
}

/** kube-proxy's maps, all of them verdict maps: from addresses and ports to chains. */
function buildMaps({ servicePorts, proxy }: NodeState, namedPorts: readonly NamedNftPort[]): NftMap[] {
  return [
    mapOf(NFT_MAPS.noEndpointServices, firstOfEach(refusedAddresses(servicePorts))),
    mapOf(NFT_MAPS.noEndpointNodePorts, refusedNodePorts(servicePorts)),
    mapOf(NFT_MAPS.firewallIPs, firstOfEach(firewalledAddresses(proxy.nftables, namedPorts))),
    mapOf(NFT_MAPS.serviceIPs, firstOfEach(servedAddresses(namedPorts))),
    mapOf(NFT_MAPS.serviceNodePorts, servedNodePorts(namedPorts)),
  ];
}

function mapOf({ name, comment, key }: MapRow, elements: Iterable<NftVerdictElement>): NftMap {
  return { name, ...(comment === undefined ? {} : { comment }), key, values: 'verdict', elements };
}

function* firewalledAddresses(
  { commentsFirewallElements }: NftablesFacts,
  namedPorts: readonly NamedNftPort[],
): Generator<NftVerdictElement> {
  for (const { servicePort, chains, label } of namedPorts) {
    if (servicePort.admitted === undefined) continue;
    const verdict = goTo(chains.firewall);
    const comment = commentsFirewallElements ? { comment: label } : {};
    for (const ip of servicePort.loadBalancerIPs) yield { ...toPort(servicePort, ip, verdict), ...comment };
  }
}

function* servedAddresses(namedPorts: readonly NamedNftPort[]): Generator<NftVerdictElement> {
  for (const { servicePort, chains } of namedPorts) {
    const { clusterIP, internal } = servicePort;
    if (internal.kind === 'endpoints') {
      yield toPort(servicePort, clusterIP, goTo(poolChain(chains, internal.pool)));
    }
    if (!servicePort.external?.isServed) continue;
    for (const ip of externalAddresses(servicePort)) yield toPort(servicePort, ip, goTo(chains.external));
  }
}

function* servedNodePorts(namedPorts: readonly NamedNftPort[]): Generator<NftVerdictElement> {
  for (const { servicePort, chains } of namedPorts) {
    if (servicePort.nodePort === 0 || !servicePort.external?.isServed) continue;
    yield toNodePort(servicePort, goTo(chains.external));
  }
}
