import type { Cluster, ObjectMeta } from '../../../../model/cluster.ts';
import type { ObjectKind } from '../../../rule.ts';

/** An object that is defined already. */
export interface Repetition {
  readonly kind: ObjectKind;
  readonly object: ObjectMeta;
  readonly first: ObjectMeta;
}

/** Objects that have the kind, namespace and name of an earlier one. Takes time linear in their number. */
export function findRepetitions(cluster: Cluster): readonly Repetition[] {
  return objectLists(cluster).flatMap(findInList);
}

interface ObjectList {
  readonly kind: ObjectKind;
  readonly objects: readonly ObjectMeta[];
}

function objectLists(cluster: Cluster): readonly ObjectList[] {
  return [
    { kind: 'Service', objects: cluster.services },
    { kind: 'Endpoints', objects: cluster.endpoints },
    { kind: 'EndpointSlice', objects: cluster.endpointSlices },
    { kind: 'Pod', objects: cluster.pods },
    { kind: 'Node', objects: cluster.nodes },
    { kind: 'ServiceCIDR', objects: cluster.serviceCIDRs },
    ...workloadLists(cluster),
  ];
}

/** Workloads of all kinds are in one list, and a name may occur once in each kind. */
function workloadLists({ workloads }: Cluster): readonly ObjectList[] {
  const kinds = new Set(workloads.map(({ kind }) => kind));
  return [...kinds].map((kind) => ({
    kind,
    objects: workloads.filter((workload) => workload.kind === kind),
  }));
}

/** The list is sorted, so objects with one name are neighbours. */
function findInList({ kind, objects }: ObjectList): readonly Repetition[] {
  const repetitions: Repetition[] = [];
  let [first] = objects;
  for (let index = 1; index < objects.length; index += 1) {
    const object = objects[index];
    if (object === undefined || first === undefined) break;
    if (isSameObject(object, first)) repetitions.push({ kind, object, first });
    else first = object;
  }
  return repetitions;
}

function isSameObject(object: ObjectMeta, other: ObjectMeta): boolean {
  return object.name === other.name && object.namespace === other.namespace;
}
