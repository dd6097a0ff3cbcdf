import type { ApiFacts } from '../../../../model/kubernetes-version.ts';
import { containersOf, isSidecar, type PlacedContainer } from '../../../checks/pod-containers.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const POLICIES: readonly string[] = ['Always', 'OnFailure', 'Never'];
const NOT_FOR_INIT = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/**
 * validateInitContainers and validateContainers (1.30 to 1.36). The gate ContainerRestartRules gives every container a
 * restartPolicy: in 1.34 it is there, and off, so that what plain containers have is dropped; since 1.35 it is on.
 */
export const initContainerFields = {
  code: 'init-container-fields',
  category: 'api',
  severity: 'error',
  summary: 'probes of an init container, or a restartPolicy where none belongs',
  explanation: `An init container runs to its end before the others start, so it has no probes and no lifecycle hooks,
unless it is a sidecar: restartPolicy Always. Up to Kubernetes 1.34 that is the only value there is, and up to 1.33 other
containers have no restartPolicy of their own.`,
  check(pod, report, { options }) {
    const { containerRestartPolicy } = options.kubernetes.api;
    for (const placed of containersOf(pod)) {
      const { container, list, path } = placed;
      const problem = restartPolicyProblem(placed, containerRestartPolicy);
      if (problem !== undefined) report({ field: [...path, 'restartPolicy'], message: problem });
      if (list === 'containers' || isSidecar(placed)) continue;
      for (const key of NOT_FOR_INIT) {
        if (!container[key]) continue;
        report({
          field: [...path, key],
          message: `${key} of an init container`,
          hint: 'set restartPolicy: Always to make it a sidecar',
        });
      }
    }
  },
} as const satisfies PodRule;

function restartPolicyProblem(
  { container: { restartPolicy }, list }: PlacedContainer,
  mode: ApiFacts['containerRestartPolicy'],
): string | undefined {
  if (restartPolicy === undefined || restartPolicy === null) return undefined;
  const shown = `restartPolicy ${quoteValue(restartPolicy)}`;
  if (mode === 'kept') {
    return POLICIES.includes(restartPolicy) ? undefined : `${shown} is none of ${POLICIES.join(', ')}`;
  }
  if (list === 'initContainers') return restartPolicy === 'Always' ? undefined : `${shown} is not Always`;
  return mode === 'refused' ? 'restartPolicy is for init containers, or for the whole pod' : undefined;
}
