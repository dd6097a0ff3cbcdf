import type { PodRule } from '../../rule.ts';

/** validateContainers (1.34). */
export const podContainersRequired = {
  code: 'pod-containers-required',
  category: 'api',
  severity: 'error',
  summary: 'a pod without containers, or with ephemeral ones',
  explanation: `A pod runs at least one container; init containers alone are not enough, and ephemeral containers can only
be added to a pod that runs.`,
  check({ spec, path }, report) {
    if (!spec.containers?.length)
      report({ field: [...path, 'containers'], message: 'a pod needs a container' });
    if (!spec.ephemeralContainers?.length) return;
    report({
      field: [...path, 'ephemeralContainers'],
      message: 'ephemeral containers cannot be there from the start',
      hint: 'add them to the running pod, with kubectl debug',
    });
  },
} as const satisfies PodRule;
