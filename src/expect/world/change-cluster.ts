import {
  type Cluster,
  type EndpointAddress,
  type EndpointSubset,
  objectKey,
  type Pod,
  type SliceEndpoint,
} from '../../model/cluster.ts';
import { nodeNames } from '../../resolve/proxy/node-view.ts';
import type { ClusterChange, Fault } from '../expectation.ts';
import { selectSubject, unknownSubject } from '../select.ts';

export type ChangedCluster =
  | { readonly cluster: Cluster }
  | { readonly failed: ClusterChange; readonly problem: Fault };

/** A cluster after changes, one after the other: each must be about something. */
export function changeCluster(cluster: Cluster, changes: readonly ClusterChange[]): ChangedCluster {
  let changed = cluster;
  for (const change of changes) {
    const known = nodeNames(changed);
    const { pods, nodes } = selectSubject(change.subject, changed, known);
    if (pods.length + nodes.length === 0)
      return { failed: change, problem: unknownSubject(change.subject, { cluster: changed, nodes: known }) };
    const isChanged = affects(pods, new Set(nodes));
    changed = change.verb === 'remove' ? remove(changed, isChanged) : mark(changed, change.verb, isChanged);
  }
  return { cluster: changed };
}

/** What a change is about: pods, their entries in Endpoints and EndpointSlices, and nodes with all on them. */
interface Affected {
  readonly pod: (pod: Pod) => boolean;
  readonly address: (address: Pick<EndpointAddress, 'ip' | 'nodeName'>) => boolean;
  readonly node: (name: string | undefined) => boolean;
}

function affects(pods: readonly Pod[], nodes: ReadonlySet<string>): Affected {
  const chosen = new Set(pods);
  const ips = new Set(pods.flatMap(({ podIPs }) => podIPs));
  const node = (name: string | undefined) => name !== undefined && nodes.has(name);
  return {
    pod: (pod) => chosen.has(pod) || node(pod.nodeName),
    address: ({ ip, nodeName }) => ips.has(ip) || node(nodeName),
    node,
  };
}

/** An endpoint of a slice has one address, as far as nodes look (kube-proxy takes the first). */
function isAffected({ addresses: [ip = ''], nodeName }: SliceEndpoint, { address }: Affected): boolean {
  return address({ ip, nodeName });
}

function remove(cluster: Cluster, affected: Affected): Cluster {
  const { pods, nodes, endpointSlices, endpoints } = cluster;
  const keep = (addresses: readonly EndpointAddress[]) => addresses.filter((each) => !affected.address(each));
  return {
    ...cluster,
    pods: pods.filter((pod) => !affected.pod(pod)),
    nodes: nodes.filter(({ name }) => !affected.node(name)),
    endpointSlices: endpointSlices.map((slice) => ({
      ...slice,
      endpoints: slice.endpoints.filter((each) => !isAffected(each, affected)),
    })),
    endpoints: endpoints.map((each) => ({
      ...each,
      subsets: each.subsets.map(({ addresses, notReadyAddresses, ports }) => ({
        addresses: keep(addresses),
        notReadyAddresses: keep(notReadyAddresses),
        ports,
      })),
    })),
  };
}

/**
 * Pods that are deleted are not ready any more, but go on serving what they have (KEP-1669). Of a node that is not ready, all
 * pods are marked so (MarkPodsNotReady, pkg/controller/util/node/controller_utils.go); kubectl drain evicts those of a node.
 * What a Service publishes in spite of that stays ready (podToEndpoint, k8s.io/endpointslice/utils.go).
 */
function mark(cluster: Cluster, verb: Exclude<ClusterChange['verb'], 'remove'>, affected: Affected): Cluster {
  const { pods, endpointSlices, endpoints } = cluster;
  const isDeleted = verb === 'terminating';
  const publishing = new Set(
    cluster.services.filter(({ publishNotReadyAddresses }) => publishNotReadyAddresses).map(objectKey),
  );
  return {
    ...cluster,
    pods: pods.map((pod) => {
      if (!affected.pod(pod)) return pod;
      return isDeleted ? { ...pod, isTerminating: true } : { ...pod, isReady: false };
    }),
    endpointSlices: endpointSlices.map((slice) => ({
      ...slice,
      endpoints: slice.endpoints.map((each) => {
        if (!isAffected(each, affected)) return each;
        const ready = publishing.has(`${slice.namespace}/${slice.serviceName}`);
        return isDeleted ? { ...each, ready, terminating: true } : { ...each, ready, serving: false };
      }),
    })),
    endpoints: endpoints.map((each) =>
      publishing.has(objectKey(each))
        ? each
        : { ...each, subsets: each.subsets.map((subset) => withoutReady(subset, affected)) },
    ),
  };
}

/** Endpoints tell no more of a pod than whether it is ready. */
function withoutReady(
  { addresses, notReadyAddresses, ports }: EndpointSubset,
  affected: Affected,
): EndpointSubset {
  return {
    addresses: addresses.filter((each) => !affected.address(each)),
    notReadyAddresses: [...notReadyAddresses, ...addresses.filter((each) => affected.address(each))],
    ports,
  };
}
