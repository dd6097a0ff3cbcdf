import { labelValueProblem, qualifiedNameProblem } from '../../../formats/qualified-name.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidatePodSpec (1.34): a node selector is a map of labels. */
export const podNodeSelectorValid = {
  code: 'pod-node-selector-valid',
  category: 'api',
  severity: 'error',
  summary: 'a nodeSelector whose keys or values no labels can have',
  explanation: `nodeSelector is compared with the labels of nodes, so its keys and values are written as labels are.`,
  check({ spec, path }, report) {
    const field = [...path, 'nodeSelector'];
    for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
      const place = [...field, key];
      const keyProblem = qualifiedNameProblem(key);
      if (keyProblem !== undefined)
        report({ field, place, at: 'key', message: `key ${quoteValue(key)} ${keyProblem}` });
      const problem = labelValueProblem(value ?? '');
      if (problem !== undefined)
        report({ field, place, message: `value ${quoteValue(value ?? '')} ${problem}` });
    }
  },
} as const satisfies PodRule;
