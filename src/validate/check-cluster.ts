import type { Cluster, NetworkPolicy, ObjectMeta } from '../model/cluster.ts';
import { findAlternatives } from './alternatives.ts';
import { diagnoseCluster } from './diagnose.ts';
import { crossRules, hintRules } from './rules/cross/index.ts';
import { viewCluster } from './rules/cross/view/cluster-view.ts';
import { findRepetitions, type Repetition } from './rules/cross/view/repetitions.ts';
import { findUnknownPods } from './rules/cross/view/unknown-pods.ts';
import { settleRepetitions } from './settle-repetitions.ts';
import type { ClusterDraft, ValidationRun } from './validation-run.ts';

/** The same objects sorted by namespace, then name, by code units; duplicates stay in the order of the input. */
export function sortCluster(
  draft: ClusterDraft & { readonly networkPolicies: readonly NetworkPolicy[] },
): Cluster {
  return {
    networkPolicies: sortObjects(draft.networkPolicies),
    services: sortObjects(draft.services),
    endpoints: sortObjects(draft.endpoints),
    endpointSlices: sortObjects(draft.endpointSlices),
    pods: sortObjects(draft.pods),
    nodes: sortObjects(draft.nodes),
    workloads: sortObjects(draft.workloads),
    serviceCIDRs: sortObjects(draft.serviceCIDRs),
  };
}

type Named = Pick<ObjectMeta, 'namespace' | 'name'>;

function sortObjects<T extends Named>(objects: readonly T[]): readonly T[] {
  if (
    objects.every((object, index) => index === 0 || compareObjects(objects[index - 1] ?? object, object) <= 0)
  ) {
    return objects;
  }
  return [...objects].sort(compareObjects);
}

function compareObjects(left: Named, right: Named): number {
  return compareText(left.namespace, right.namespace) || compareText(left.name, right.name);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Runs the rules about several objects. @returns the cluster without what is ambiguous in it */
export function checkCluster(given: Cluster, validationRun: ValidationRun): Cluster {
  const repetitions = findRepetitions(given);
  const areAlternatives = findAlternatives(repetitions, validationRun.unread, validationRun.context.options);
  const run = { ...validationRun, areAlternatives };
  const unknownPods = findUnknownPods(run.unread, run.withheld);
  const cluster = leaveOut(given, settleRepetitions(repetitions, run));
  const view = viewCluster(cluster, { unknownPods, unread: run.unread });
  const context = { ...run.context, view };
  const { saysHints } = run.context.options;
  for (const rule of saysHints ? [...crossRules, ...hintRules] : crossRules) {
    for (const finding of rule.check(cluster, context)) diagnoseCluster(rule, finding, run);
  }
  return withoutRepetitions(cluster, view.repetitions, run);
}

/** Of objects with one name that contradict each other nobody can tell which one counts: all of them are left out. */
function withoutRepetitions(
  cluster: Cluster,
  repetitions: readonly Repetition[],
  run: ValidationRun,
): Cluster {
  const left = new Set<ObjectMeta>(repetitions.flatMap(({ object, first }) => [object, first]));
  for (const object of left) run.contradictory.add(object);
  return leaveOut(cluster, left);
}

function leaveOut(cluster: Cluster, left: ReadonlySet<ObjectMeta>): Cluster {
  if (left.size === 0) return cluster;
  const without = <T extends ObjectMeta>(objects: readonly T[]) =>
    objects.filter((object) => !left.has(object));
  return {
    ...cluster,
    services: without(cluster.services),
    endpoints: without(cluster.endpoints),
    endpointSlices: without(cluster.endpointSlices),
    pods: without(cluster.pods),
    nodes: without(cluster.nodes),
    workloads: without(cluster.workloads),
    serviceCIDRs: without(cluster.serviceCIDRs),
  };
}
