import type { WorkloadRule } from '../../rule.ts';

/** ValidateDeploymentSpec and its siblings (pkg/apis/apps/validation, pkg/apis/batch/validation, 1.34). */
export const workloadReplicasNotNegative: WorkloadRule = {
  code: 'workload-replicas-not-negative',
  severity: 'error',
  explanation: `The number of pods (spec.replicas, for Jobs spec.parallelism) is 0 or more.`,
  check({ replicas, replicasPath }, report) {
    if (replicas === undefined || replicas >= 0) return;
    report({ field: replicasPath, message: `${replicasPath.at(-1)} ${replicas} is negative` });
  },
};
