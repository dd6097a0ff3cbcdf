import type { Host } from '../../lang/packet/host.ts';
import type { Cluster } from '../../model/cluster.ts';
import { cidrContains } from '../../model/ip.ts';
import type { NodeState } from '../../model/node-state.ts';
import type { NodeFacts, OwnerOf } from './plan-connection.ts';

/** What manifests tell of addresses. */
export interface KnownAddresses {
  /** Who has one: `node n1`, `pod shop/web-0 on n1`. Pods in the network of their node share its address. */
  readonly ownerOf: OwnerOf;
  /** The name of the Node whose pods have addresses like this one (`spec.podCIDRs`). */
  readonly homeOf: (ip: string) => string | undefined;
  /** The name of the Node that a client with this address is on. */
  readonly nodeOf: (ip: string) => string | undefined;
  /** Who connects from one: its owner, or `a pod of n1`. */
  readonly clientOf: OwnerOf;
}

export function knownAddresses({ nodes, pods }: Pick<Cluster, 'nodes' | 'pods'>): KnownAddresses {
  const owners = new Map<string, string>();
  const places = new Map<string, string>();
  for (const { name, addresses } of nodes) {
    for (const ip of addresses) {
      owners.set(ip, `node ${name}`);
      places.set(ip, name);
    }
  }
  for (const { namespace, name, podIPs, nodeName } of pods) {
    const place = nodeName === undefined ? '' : ` on ${nodeName}`;
    for (const ip of podIPs) {
      if (owners.has(ip)) continue;
      owners.set(ip, `pod ${namespace}/${name}${place}`);
      if (nodeName !== undefined) places.set(ip, nodeName);
    }
  }
  const ownerOf = (ip: string) => owners.get(ip);
  const homeOf = (ip: string) =>
    nodes.find(({ podCIDRs }) => podCIDRs.some((cidr) => cidrContains(cidr, ip)))?.name;
  const podOf = (node: string | undefined) => (node === undefined ? undefined : `a pod of ${node}`);
  return {
    ownerOf,
    homeOf,
    nodeOf: (ip) => places.get(ip) ?? homeOf(ip),
    clientOf: (ip) => ownerOf(ip) ?? podOf(homeOf(ip)),
  };
}

/** A node, as far as it is known. */
export interface KnownNode {
  readonly family: NodeFacts['family'];
  readonly host: Host;
  /** undefined: it has no name. */
  readonly node: string | undefined;
  readonly nodeIP: string | undefined;
  /** What it serves; undefined: there are no manifests. */
  readonly state: NodeState | undefined;
}

/** What clients of a node can be told by. @param cluster undefined: there are no manifests */
export function nodeFacts(
  cluster: Cluster | undefined,
  { clientOf }: KnownAddresses,
  { family, host, node, nodeIP, state }: KnownNode,
): NodeFacts {
  const endpoints = state?.servicePorts.flatMap(({ reachable }) => reachable.filter((each) => each.isLocal));
  const pods = cluster?.pods.filter((pod) => node !== undefined && pod.nodeName === node) ?? [];
  return {
    family,
    host,
    nodeIP,
    podIPs: new Set([...(endpoints ?? []).map(({ ip }) => ip), ...pods.flatMap(({ podIPs }) => podIPs)]),
    podCIDRs: cluster?.nodes.find(({ name }) => name === node)?.podCIDRs ?? [],
    localDetector: state?.localDetector,
    clientOf,
  };
}
