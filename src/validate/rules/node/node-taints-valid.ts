import { reportRepeated } from '../../checks/repeated.ts';
import { labelValueProblem, qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { NodeRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** validateNodeTaints (1.34), which names metadata.taints. */
export const nodeTaintsValid = {
  code: 'node-taints-valid',
  category: 'api',
  severity: 'error',
  summary: 'a taint that lacks something, or is repeated',
  explanation: `A taint has a key, an optional value (as labels have them), and the effect NoSchedule, PreferNoSchedule or
NoExecute; each pair of key and effect stands once.`,
  check({ spec }, report) {
    const taints = spec?.taints ?? [];
    for (const [index, taint] of taints.entries()) {
      const refuse = (key: string, message: string) =>
        report({ field: ['metadata', 'taints', index, key], place: ['spec', 'taints', index, key], message });
      const keyProblem = qualifiedNameProblem(taint?.key ?? '');
      if (keyProblem !== undefined) refuse('key', `key ${quoteValue(taint?.key ?? '')} ${keyProblem}`);
      const problem = labelValueProblem(taint?.value ?? '');
      if (problem !== undefined) refuse('value', `value ${quoteValue(taint?.value ?? '')} ${problem}`);
      if (!EFFECTS.includes(taint?.effect ?? ''))
        refuse('effect', `effect ${quoteValue(taint?.effect ?? '')} is none of ${EFFECTS.join(', ')}`);
    }
    reportRepeated(taints, {
      keyOf: (taint) => `${taint?.key}:${taint?.effect}`,
      toFinding: (taint, index) => ({
        field: ['metadata', 'taints', index],
        place: ['spec', 'taints', index],
        message: `taint ${quoteValue(taint?.key ?? '')} with this effect is listed twice`,
      }),
      report,
    });
  },
} as const satisfies NodeRule;
