import { TOPOLOGY_HINTS_ANNOTATION, TOPOLOGY_MODE_ANNOTATION } from '../../../kubernetes/labels.ts';
import type { ServiceRule } from '../../rule.ts';

/** ValidateService (1.34). */
export const topologyAnnotationsMatch = {
  code: 'topology-annotations-match',
  category: 'api',
  severity: 'error',
  summary: 'two annotations of topology hints that differ',
  explanation: `service.kubernetes.io/topology-mode is the newer name of service.kubernetes.io/topology-aware-hints: when
both are set they have to say the same.`,
  check({ metadata: { annotations } }, report) {
    if (
      !annotations ||
      !Object.hasOwn(annotations, TOPOLOGY_MODE_ANNOTATION) ||
      !Object.hasOwn(annotations, TOPOLOGY_HINTS_ANNOTATION)
    )
      return;
    if ((annotations[TOPOLOGY_MODE_ANNOTATION] ?? '') === (annotations[TOPOLOGY_HINTS_ANNOTATION] ?? ''))
      return;
    report({
      field: ['metadata', 'annotations', TOPOLOGY_MODE_ANNOTATION],
      message: `annotations ${TOPOLOGY_MODE_ANNOTATION} and ${TOPOLOGY_HINTS_ANNOTATION} differ`,
      hint: `keep only ${TOPOLOGY_MODE_ANNOTATION}`,
    });
  },
} as const satisfies ServiceRule;
