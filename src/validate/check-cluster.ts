import { isSilenced } from '../diagnostic/policy.ts';
import type { Cluster, ObjectMeta } from '../model/cluster.ts';
import { diagnoseCluster } from './diagnose.ts';
import { crossRules } from './rules/cross/index.ts';
import { viewCluster } from './rules/cross/view/cluster-view.ts';
import type { Repetition } from './rules/cross/view/repetitions.ts';
import { findUnknownPods } from './rules/cross/view/unknown-pods.ts';
import type { ClusterDraft, ValidationRun } from './validation-run.ts';

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

/** Runs the rules about several objects. @returns the cluster without what is ambiguous in it */
export function checkCluster(cluster: Cluster, run: ValidationRun): Cluster {
  const unknownPods = findUnknownPods(run.unread, run.withheld);
  const view = viewCluster(cluster, unknownPods);
  const context = { ...run.context, view };
  for (const rule of crossRules) {
    for (const finding of rule.check(cluster, context)) diagnoseCluster(rule, finding, run);
  }
  return withoutRepetitions(cluster, view.repetitions, run);
}

/**
 * Of objects with one name nobody can tell which one counts, so all of them are left out. That they contradict each
 * other is an error; where that is silenced, there is a warning that they are missing.
 */
function withoutRepetitions(
  cluster: Cluster,
  repetitions: readonly Repetition[],
  run: ValidationRun,
): Cluster {
  if (repetitions.length === 0) return cluster;
  const left = new Set<ObjectMeta>(repetitions.flatMap(({ object, first }) => [object, first]));
  for (const object of left) run.contradictory.add(object);
  for (const { kind, object } of repetitions) {
    if (!isSilenced('object-unique', object.annotations, run.context.options)) continue;
    const message = `every ${kind} of this name is left out: there are several, and the error is silenced`;
    const rule = { code: 'silenced-object-left-out', severity: 'warning' } as const;
    diagnoseCluster(rule, { kind, object, field: ['metadata', 'name'], message }, run);
  }
  const without = <T extends ObjectMeta>(objects: readonly T[]) =>
    objects.filter((object) => !left.has(object));
  return {
    services: without(cluster.services),
    endpoints: without(cluster.endpoints),
    endpointSlices: without(cluster.endpointSlices),
    pods: without(cluster.pods),
    nodes: without(cluster.nodes),
    workloads: without(cluster.workloads),
    serviceCIDRs: without(cluster.serviceCIDRs),
  };
}
