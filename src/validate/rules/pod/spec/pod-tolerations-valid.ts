import { labelValueProblem, qualifiedNameProblem } from '../../../formats/qualified-name.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** ValidateTolerations (1.34). */
export const podTolerationsValid = {
  code: 'pod-tolerations-valid',
  category: 'api',
  severity: 'error',
  summary: 'a toleration that contradicts itself',
  explanation: `A toleration without a key tolerates everything and needs operator Exists; with Exists there is no value;
tolerationSeconds belongs to effect NoExecute.`,
  check({ spec, path }, report) {
    for (const [index, toleration] of (spec.tolerations ?? []).entries()) {
      for (const [key, message] of problemsOf(toleration ?? {})) {
        report({ field: [...path, 'tolerations', index, key], message });
      }
    }
  },
} as const satisfies PodRule;

function problemsOf({ key, operator, value, effect, tolerationSeconds }: api.Toleration) {
  const problems: (readonly [key: string, message: string])[] = [];
  const keyProblem = key ? qualifiedNameProblem(key) : undefined;
  if (keyProblem !== undefined) problems.push(['key', `key ${quoteValue(key ?? '')} ${keyProblem}`]);
  if (!key && operator !== 'Exists')
    problems.push(['operator', 'a toleration without key needs operator Exists']);
  if (typeof tolerationSeconds === 'number' && effect !== 'NoExecute') {
    problems.push(['effect', 'tolerationSeconds needs effect NoExecute']);
  }
  if (operator === 'Exists' && value) problems.push(['operator', 'operator Exists takes no value']);
  else if (operator && operator !== 'Equal' && operator !== 'Exists') {
    problems.push(['operator', `operator ${quoteValue(operator)} is neither Equal nor Exists`]);
  }
  const valueProblem = !operator || operator === 'Equal' ? labelValueProblem(value ?? '') : undefined;
  if (valueProblem !== undefined)
    problems.push(['operator', `value ${quoteValue(value ?? '')} ${valueProblem}`]);
  if (effect && !EFFECTS.includes(effect))
    problems.push(['effect', `effect ${quoteValue(effect)} is none of ${EFFECTS.join(', ')}`]);
  return problems;
}
