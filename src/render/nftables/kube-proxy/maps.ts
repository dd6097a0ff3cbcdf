import type { NftElement, NftVerdictElement } from '../../../lang/nftables/elements/element.ts';
import type { NftMap, NftSet } from '../../../lang/nftables/ruleset.ts';
import type { NodePortMatch, NodeState } from '../../../model/node-state.ts';
import { goTo, NODE_PORT_KEY, SERVICE_KEY } from '../expressions.ts';
import {
  externalAddresses,
  firstOfEach,
  refusedAddresses,
  refusedNodePorts,
  toNodePort,
  toPort,
} from '../map-elements.ts';
import { type NamedServicePort, policyChain } from '../names.ts';
import { affinitySets } from '../service-rules.ts';

/** kube-proxy's sets: of clusterIPs, of addresses for NodePorts, and of clients with session affinity. */
export function buildSets(
  { servicePorts, nodePortAddresses }: NodeState,
  namedPorts: readonly NamedServicePort[],
): NftSet[] {
  const clusterIPs: NftSet = {
    name: 'cluster-ips',
    comment: 'Active ClusterIPs',
    fields: ['daddr'],
    elements: firstOfEach(servicePorts.map(({ clusterIP }): NftElement => ({ key: [clusterIP] }))),
  };
  return [clusterIPs, ...nodePortIPs(nodePortAddresses), ...namedPorts.flatMap(affinitySets)];
}

function nodePortIPs(match: NodePortMatch): NftSet[] {
  if (match.kind === 'local') return [];
  const elements = match.addresses.map((ip) => ({ key: [ip] }));
  return [{ name: 'nodeport-ips', comment: 'IPs that accept NodePort traffic', fields: ['daddr'], elements }];
}

/** kube-proxy's maps, all of them verdict maps: from addresses and ports to chains. */
export function buildMaps({ servicePorts }: NodeState, namedPorts: readonly NamedServicePort[]): NftMap[] {
  const ofServices = { key: SERVICE_KEY, values: 'verdict' } as const;
  const ofNodePorts = { key: NODE_PORT_KEY, values: 'verdict' } as const;
  return [
    {
      name: 'no-endpoint-services',
      comment: 'vmap to drop or reject packets to services with no endpoints',
      ...ofServices,
      elements: firstOfEach(refusedAddresses(servicePorts)),
    },
    {
      name: 'no-endpoint-nodeports',
      comment: 'vmap to drop or reject packets to service nodeports with no endpoints',
      ...ofNodePorts,
      elements: refusedNodePorts(servicePorts),
    },
    {
      name: 'firewall-ips',
      comment: 'destinations that are subject to LoadBalancerSourceRanges',
      ...ofServices,
      elements: firstOfEach(firewalledAddresses(namedPorts)),
    },
    {
      name: 'service-ips',
      comment: 'ClusterIP, ExternalIP and LoadBalancer IP traffic',
      ...ofServices,
      elements: firstOfEach(servedAddresses(namedPorts)),
    },
    {
      name: 'service-nodeports',
      comment: 'NodePort traffic',
      ...ofNodePorts,
      elements: servedNodePorts(namedPorts),
    },
  ];
}

function* firewalledAddresses(namedPorts: readonly NamedServicePort[]): Generator<NftVerdictElement> {
  for (const { servicePort, chains } of namedPorts) {
    if (servicePort.admitted === undefined) continue;
    const verdict = goTo(chains.firewall);
    for (const ip of servicePort.loadBalancerIPs) yield toPort(servicePort, ip, verdict);
  }
}

function* servedAddresses(namedPorts: readonly NamedServicePort[]): Generator<NftVerdictElement> {
  for (const { servicePort, chains } of namedPorts) {
    const { clusterIP, internal } = servicePort;
    if (internal.kind === 'endpoints') {
      yield toPort(servicePort, clusterIP, goTo(policyChain(chains, internal.pool)));
    }
    if (!servicePort.external?.isServed) continue;
    for (const ip of externalAddresses(servicePort)) yield toPort(servicePort, ip, goTo(chains.external));
  }
}

function* servedNodePorts(namedPorts: readonly NamedServicePort[]): Generator<NftVerdictElement> {
  for (const { servicePort, chains } of namedPorts) {
    if (servicePort.nodePort === 0 || !servicePort.external?.isServed) continue;
    yield toNodePort(servicePort, goTo(chains.external));
  }
}
