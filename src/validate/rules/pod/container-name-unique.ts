import { containersOf } from '../../checks/pod-containers.ts';
import { reportRepeated } from '../../checks/repeated.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateContainers and validateInitContainers (1.34). */
export const containerNameUnique = {
  code: 'container-name-unique',
  category: 'api',
  severity: 'error',
  summary: 'two containers with one name',
  explanation: `The containers and init containers of a pod are told apart by name, so every name stands once.`,
  check(pod, report) {
    reportRepeated(containersOf(pod), {
      keyOf: ({ container }) => container.name ?? '',
      toFinding: ({ container, path }) => ({
        field: [...path, 'name'],
        message: `container name ${quoteValue(container.name ?? '')} is taken by another container`,
      }),
      report,
    });
  },
} as const satisfies PodRule;
