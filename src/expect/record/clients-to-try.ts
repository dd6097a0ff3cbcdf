import { hasLabels } from '../../kubernetes/selectors.ts';
import { objectKey, type Pod, type Service } from '../../model/cluster.ts';
import type { Fault } from '../expectation.ts';
import type { World } from '../world/world.ts';

/** Clients of one kind, wherever they are. */
export interface ClientKind {
  /** As names of cases have it. */
  readonly name: string;
  readonly from: readonly string[];
  /** The same, node by node, with what `at` says. */
  readonly each: readonly { readonly from: string; readonly at: string | undefined }[];
}

/** Clients of a kind that the input has none of. */
interface MissingClients {
  readonly name: string;
  /** Why there are none, and what would make some. */
  readonly missing: Fault;
}

/** Somebody outside, the node itself, and a pod of each node that is no endpoint: its own Service would see another source. */
export function clientsToTry(
  service: Service,
  { cluster, nodes }: World,
): readonly (ClientKind | MissingClients)[] {
  const everywhere = (from: string): ClientKind => ({
    name: from,
    from: [from],
    each: nodes.flatMap((at) => (at === undefined ? [] : [{ from, at }])),
  });
  const able = cluster.pods.filter(
    ({ podIPs, hostNetwork, nodeName }) => podIPs.length > 0 && !hostNetwork && nodes.includes(nodeName),
  );
  const first = new Map<string | undefined, string>();
  for (const pod of able) {
    if (!first.has(pod.nodeName) && !isEndpoint(pod, service))
      first.set(pod.nodeName, `pod ${objectKey(pod)}`);
  }
  const from = [...first.values()];
  const name = 'pods';
  const ofPods =
    from.length > 0
      ? { name, from, each: from.map((each) => ({ from: each, at: undefined })) }
      : { name, missing: able.length > 0 ? ENDPOINTS_ALONE : NO_PODS };
  return [everywhere('outside'), everywhere('node'), ofPods];
}

const NO_PODS: Fault = {
  message: 'the input has no Pod with an address on a node that is tested',
  hint: 'add Pods, or --synthesize-pods, which makes them of workloads',
};

const ENDPOINTS_ALONE: Fault = {
  message: 'every Pod that could be the client is an endpoint of it',
  hint: 'add a Pod that is a client',
};

function isEndpoint(pod: Pod, { namespace, selector }: Service): boolean {
  const labels = Object.keys(selector ?? {}).length === 0 ? undefined : selector;
  return labels !== undefined && pod.namespace === namespace && hasLabels(pod.labels, labels);
}
