import type { Cluster, ObjectMeta } from '../model/cluster.ts';
import type { ClusterDraft } from './validation-run.ts';

/** The same objects sorted by namespace, then name, by code units; duplicates stay in the order of the input. */
export function sortCluster(draft: ClusterDraft): Cluster {
  return {
    services: sortObjects(draft.services),
    endpoints: sortObjects(draft.endpoints),
    endpointSlices: sortObjects(draft.endpointSlices),
    pods: sortObjects(draft.pods),
    nodes: sortObjects(draft.nodes),
    workloads: sortObjects(draft.workloads),
    serviceCIDRs: sortObjects(draft.serviceCIDRs),
  };
}

function sortObjects<T extends ObjectMeta>(objects: readonly T[]): readonly T[] {
  if (
    objects.every((object, index) => index === 0 || compareObjects(objects[index - 1] ?? object, object) <= 0)
  ) {
    return objects;
  }
  return [...objects].sort(compareObjects);
}

function compareObjects(left: ObjectMeta, right: ObjectMeta): number {
  return compareText(left.namespace, right.namespace) || compareText(left.name, right.name);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
