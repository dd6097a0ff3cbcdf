import { containersOf, isSidecar } from '../../../checks/pod-containers.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const NOT_FOR_INIT = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** validateInitContainers and validateContainers (1.34, without ContainerRestartRules). */
export const initContainerFields = {
  code: 'init-container-fields',
  category: 'api',
  severity: 'error',
  summary: 'probes of an init container, or a restartPolicy where none belongs',
  explanation: `An init container runs to its end before the others start, so it has no probes and no lifecycle hooks,
unless it is a sidecar: restartPolicy Always, the only value there is. Other containers have no restartPolicy of their
own.`,
  check(pod, report) {
    for (const placed of containersOf(pod)) {
      const { container, list, path } = placed;
      const { restartPolicy } = container;
      const isSet = restartPolicy !== undefined && restartPolicy !== null;
      if (isSet && list === 'containers') {
        report({
          field: [...path, 'restartPolicy'],
          message: 'restartPolicy is for init containers, or for the whole pod',
        });
      }
      if (isSet && list === 'initContainers' && restartPolicy !== 'Always') {
        report({
          field: [...path, 'restartPolicy'],
          message: `restartPolicy ${quoteValue(restartPolicy)} is not Always`,
        });
      }
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
