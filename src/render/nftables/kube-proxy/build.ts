import type { NftElement, NftVerdictElement } from '../../../lang/nftables/elements/element.ts';
import type { NftChain, NftMap, NftSet, NftTable } from '../../../lang/nftables/ruleset.ts';
import { lowerCaseProtocol } from '../../../lang/packet/l4-protocol.ts';
import { inParts, type ListPart, madeOfEach } from '../../../lang/text/in-parts.ts';
import type { NftablesFacts } from '../../../model/kubernetes-version.ts';
import type { NodeState, ServicePort } from '../../../model/node-state.ts';
import { clientsTold, type PartKeeper } from '../../rule-memory.ts';
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
  const { nftables } = state.proxy;
  const namedPorts = memory.name(state.servicePorts, (alike) =>
    nameNftPort(alike, hasEndpointChains(nftables, alike) ? alike.reachable : []),
  );
  return {
    family: state.family,
    name: TABLE_NAME,
    comment: 'rules for kube-proxy',
    sets: buildSets(state, namedPorts, memory.keys),
    formerBaseChains: BASE_CHAIN_NAMES,
    maps: buildMaps(state, namedPorts, memory.verdicts),
    chains: inParts(chainParts(state, namedPorts, memory)),
  };
}

function* chainParts(
  state: NodeState,
  namedPorts: readonly NamedNftPort[],
  { chains }: NftablesMemory,
): Generator<ListPart<NftChain>> {
  yield { items: kubeProxyHookChains(state) };
  const choice = chains({ name: 'choice', madeFor: clientsTold(state) });
  const endpoints = chains({ name: 'endpoints', madeFor: '' });
  for (const named of namedPorts) {
    yield choice(named, () => nftChoiceChains(state, named));
    yield endpoints(named, () => nftEndpointChains(state, named));
  }
}

/** kube-proxy's sets: of clusterIPs, of addresses for NodePorts, of hairpins, and of clients with session affinity. */
function buildSets(
  { servicePorts, nodePortAddresses, proxy, nodeName }: NodeState,
  namedPorts: readonly NamedNftPort[],
  keeper: PartKeeper<NftElement>,
): NftSet[] {
  const clusterIPs = keeper({ name: NFT_SETS.clusterIPs.name, madeFor: '' });
  const hairpins = keeper({ name: NFT_SETS.hairpinConnections.name, madeFor: `${nodeName !== undefined}` });
  const nodePortIPs =
    nodePortAddresses.kind === 'local' ? undefined : nodePortAddresses.addresses.map((ip) => ({ key: [ip] }));
  const connectionsOf = (each: ServicePort) => hairpinConnections(each, nodeName !== undefined);
  return [
    setOf(NFT_SETS.clusterIPs, firstOfEach(madeOfEach(namedPorts, (named) => clusterIPs(named, keyOf)))),
    ...(nodePortIPs === undefined ? [] : [setOf(NFT_SETS.nodePortIPs, [{ items: nodePortIPs }])]),
    ...(proxy.nftables.hairpinBy === 'set'
      ? [
          setOf(
            NFT_SETS.hairpinConnections,
            firstOfEach(madeOfEach(servicePorts, (each) => hairpins(each, connectionsOf))),
          ),
        ]
      : []),
    ...namedPorts.flatMap(affinitySets),
  ];
}

function keyOf({ servicePort }: NamedNftPort): readonly NftElement[] {
  return [{ key: [servicePort.clusterIP] }];
}

/** Of endpoints that may reach themselves: this node's, or, where nobody said which node it is, all. */
function hairpinConnections({ protocol, reachable }: ServicePort, isOfNode: boolean): readonly NftElement[] {
  return reachable
    .filter(({ isLocal }) => isLocal || !isOfNode)
    .map(({ ip, port }) => ({ key: [ip, ip, lowerCaseProtocol(protocol), port] }));
}

function setOf({ name, comment, fields }: SetRow, parts: Iterable<ListPart<NftElement>>): NftSet {
  return { name, ...(comment === undefined ? {} : { comment }), fields, elements: inParts(parts) };
}

/** kube-proxy's maps, all of them verdict maps: from addresses and ports to chains. */
function buildMaps(
  { proxy }: NodeState,
  namedPorts: readonly NamedNftPort[],
  keeper: PartKeeper<NftVerdictElement>,
): NftMap[] {
  const partsOf = ({ name }: MapRow, elementsOf: (named: NamedNftPort) => Iterable<NftVerdictElement>) => {
    const part = keeper({ name, madeFor: '' });
    return madeOfEach(namedPorts, (named) => part(named, elementsOf));
  };
  const { noEndpointServices, noEndpointNodePorts, firewallIPs, serviceIPs, serviceNodePorts } = NFT_MAPS;
  const refused = partsOf(noEndpointServices, ({ servicePort }) => refusedAddresses(servicePort));
  const firewalled = partsOf(firewallIPs, (named) => firewalledAddresses(proxy.nftables, named));
  return [
    mapOf(noEndpointServices, firstOfEach(refused)),
    mapOf(
      noEndpointNodePorts,
      partsOf(noEndpointNodePorts, ({ servicePort }) => refusedNodePorts(servicePort)),
    ),
    mapOf(firewallIPs, firstOfEach(firewalled)),
    mapOf(serviceIPs, firstOfEach(partsOf(serviceIPs, servedAddresses))),
    mapOf(serviceNodePorts, partsOf(serviceNodePorts, servedNodePorts)),
  ];
}

function mapOf({ name, comment, key }: MapRow, parts: Iterable<ListPart<NftVerdictElement>>): NftMap {
  const elements = inParts(parts);
  return { name, ...(comment === undefined ? {} : { comment }), key, values: 'verdict', elements };
}

function* firewalledAddresses(
  { commentsFirewallElements }: NftablesFacts,
  { servicePort, chains, label }: NamedNftPort,
): Generator<NftVerdictElement> {
  if (servicePort.admitted === undefined) return;
  const verdict = goTo(chains.firewall);
  const comment = commentsFirewallElements ? { comment: label } : {};
  for (const ip of servicePort.loadBalancerIPs) yield { ...toPort(servicePort, ip, verdict), ...comment };
}

function* servedAddresses({ servicePort, chains }: NamedNftPort): Generator<NftVerdictElement> {
  const { clusterIP, internal } = servicePort;
  if (internal.kind === 'endpoints') {
    yield toPort(servicePort, clusterIP, goTo(poolChain(chains, internal.pool)));
  }
  if (!servicePort.external?.isServed) return;
  for (const ip of externalAddresses(servicePort)) yield toPort(servicePort, ip, goTo(chains.external));
}

function* servedNodePorts({ servicePort, chains }: NamedNftPort): Generator<NftVerdictElement> {
  if (servicePort.nodePort === 0 || !servicePort.external?.isServed) return;
  yield toNodePort(servicePort, goTo(chains.external));
}
