import { type Node, objectKey, type Workload } from '../../model/cluster.ts';
import { hashName } from '../name-hash.ts';

/** Where the pods of a workload are: one entry for each pod, the name of its node; undefined: no node is known. */
export type PodPlaces = readonly (string | undefined)[];

/**
 * Spreads the pods of a workload over nodes: one a node for a DaemonSet, else in turn, beginning at a node that the
 * name of the workload decides, so that other workloads do not matter. Without Nodes in the input they are all on the
 * node that rules are made for. A template that names its node is obeyed. Taints and node selectors are not looked at.
 * @param nodes sorted
 */
export function podPlaces(
  workload: Workload,
  nodes: readonly Node[],
  fallback: string | undefined,
): PodPlaces {
  const { nodeName } = workload.template;
  if (workload.kind === 'DaemonSet') return daemonPlaces(nodes, nodeName, fallback);
  const first = nodes.length === 0 ? 0 : hashName(objectKey(workload)) % nodes.length;
  return Array.from(
    { length: workload.replicas },
    (_, index) => nodeName ?? nodes[(first + index) % nodes.length]?.name ?? fallback,
  );
}

/** How many pods a workload has. */
export function podCount({ kind, replicas, template }: Workload, nodes: readonly Node[]): number {
  if (kind !== 'DaemonSet') return Math.max(0, replicas);
  return template.nodeName === undefined ? Math.max(1, nodes.length) : 1;
}

function daemonPlaces(
  nodes: readonly Node[],
  nodeName: string | undefined,
  fallback: string | undefined,
): PodPlaces {
  if (nodeName !== undefined) return [nodeName];
  return nodes.length === 0 ? [fallback] : nodes.map(({ name }) => name);
}
