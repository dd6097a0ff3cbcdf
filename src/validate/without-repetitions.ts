import { isSilenced } from '../diagnostic/policy.ts';
import type { Cluster, ObjectMeta } from '../model/cluster.ts';
import { diagnoseCluster } from './diagnose.ts';
import type { Repetition } from './rules/cross/repetitions.ts';
import type { ValidationRun } from './validation-run.ts';

/**
 * Of objects with one name nobody can tell which one counts, so all of them are left out. That they contradict each
 * other is an error; where that is silenced, there is a warning that they are missing.
 */
export function withoutRepetitions(
  cluster: Cluster,
  repetitions: readonly Repetition[],
  run: ValidationRun,
): Cluster {
  if (repetitions.length === 0) return cluster;
  const left = new Set<ObjectMeta>(repetitions.flatMap(({ object, first }) => [object, first]));
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
