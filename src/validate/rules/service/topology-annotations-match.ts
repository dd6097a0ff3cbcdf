import type { ServiceRule } from '../../rule.ts';

const MODE = 'service.kubernetes.io/topology-mode';
const HINTS = 'service.kubernetes.io/topology-aware-hints';

/** ValidateService (1.34). */
export const topologyAnnotationsMatch = {
  code: 'topology-annotations-match',
  category: 'api',
  severity: 'error',
  summary: 'two annotations of topology hints that differ',
  explanation: `service.kubernetes.io/topology-mode is the newer name of service.kubernetes.io/topology-aware-hints: when
both are set they have to say the same.`,
  check({ metadata: { annotations } }, report) {
    if (!annotations || !Object.hasOwn(annotations, MODE) || !Object.hasOwn(annotations, HINTS)) return;
    if ((annotations[MODE] ?? '') === (annotations[HINTS] ?? '')) return;
    report({
      field: ['metadata', 'annotations', MODE],
      message: `annotations ${MODE} and ${HINTS} differ`,
      hint: `keep only ${MODE}`,
    });
  },
} as const satisfies ServiceRule;
