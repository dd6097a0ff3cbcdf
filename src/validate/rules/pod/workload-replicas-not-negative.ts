import type { WorkloadRule } from '../../rule.ts';

/** ValidateDeploymentSpec and its siblings (pkg/apis/apps/validation, pkg/apis/batch/validation, 1.34). */
export const workloadReplicasNotNegative = {
  code: 'workload-replicas-not-negative',
  category: 'api',
  severity: 'error',
  summary: 'a negative number of pods',
  explanation: `The number of pods (spec.replicas, for Jobs spec.parallelism) is 0 or more.`,
  check({ replicas, replicasPath }, report) {
    if (replicas === undefined || replicas >= 0) return;
    report({ field: replicasPath, message: `${replicasPath.at(-1)} ${replicas} is negative` });
  },
} as const satisfies WorkloadRule;
