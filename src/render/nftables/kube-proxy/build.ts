import type { NftElement, NftVerdictElement } from '../../../lang/nftables/elements/element.ts';
import type { NftChain, NftMap, NftSet, NftTable } from '../../../lang/nftables/ruleset.ts';
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
import { nftChoiceChains, nftEndpointChains } from './service-chains.ts';
import { KUBE_PROXY_1_31 } from './version.ts';

/** What kube-proxy's nftables mode (1.31 to 1.33.5) programs for this state: its own chains, sets and maps. */
export function buildKubeProxyTable(state: NodeState, memory: NftablesMemory): NftTable {
  const namedPorts = state.servicePorts.map((each) =>
    memory.name(each, () => nameNftPort(each, each.reachable)),
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
  yield* kubeProxyHookChains(state, KUBE_PROXY_1_31);
  for (const named of namedPorts) {
    yield* memory.chains(state, { of: named, kind: 'choice' }, () => nftChoiceChains(state, named));
    yield* memory.chains(state, { of: named, kind: 'endpoints' }, () => nftEndpointChains(named));
  }
}

/** kube-proxy's sets: of clusterIPs, of addresses for NodePorts, and of clients with session affinity. */
function buildSets(
  { servicePorts, nodePortAddresses }: NodeState,
  namedPorts: readonly NamedNftPort[],
): NftSet[] {
  const clusterIPs = firstOfEach(servicePorts.map(({ clusterIP }): NftElement => ({ key: [clusterIP] })));
  return [
    setOf(NFT_SETS.clusterIPs, clusterIPs),
    ...(nodePortAddresses.kind === 'local'
      ? []
      : [
          setOf(
            NFT_SETS.nodePortIPs,
            nodePortAddresses.addresses.map((ip) => ({ key: [ip] })),
          ),
        ]),
    ...namedPorts.flatMap(affinitySets),
  ];
}

function setOf({ name, comment, fields }: SetRow, elements: Iterable<NftElement>): NftSet {
  return { name, ...(comment === undefined ? {} : { comment }), fields, elements };
}

/** kube-proxy's maps, all of them verdict maps: from addresses and ports to chains. */
function buildMaps({ servicePorts }: NodeState, namedPorts: readonly NamedNftPort[]): NftMap[] {
  return [
    mapOf(NFT_MAPS.noEndpointServices, firstOfEach(refusedAddresses(servicePorts))),
    mapOf(NFT_MAPS.noEndpointNodePorts, refusedNodePorts(servicePorts)),
    mapOf(NFT_MAPS.firewallIPs, firstOfEach(firewalledAddresses(namedPorts))),
    mapOf(NFT_MAPS.serviceIPs, firstOfEach(servedAddresses(namedPorts))),
    mapOf(NFT_MAPS.serviceNodePorts, servedNodePorts(namedPorts)),
  ];
}

function mapOf({ name, comment, key }: MapRow, elements: Iterable<NftVerdictElement>): NftMap {
  return { name, ...(comment === undefined ? {} : { comment }), key, values: 'verdict', elements };
}

function* firewalledAddresses(namedPorts: readonly NamedNftPort[]): Generator<NftVerdictElement> {
  for (const { servicePort, chains } of namedPorts) {
    if (servicePort.admitted === undefined) continue;
    const verdict = goTo(chains.firewall);
    for (const ip of servicePort.loadBalancerIPs) yield toPort(servicePort, ip, verdict);
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
