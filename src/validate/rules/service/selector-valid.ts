import { labelValueProblem, qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateService (1.34): a selector is a map of labels. */
export const selectorValid = {
  code: 'selector-valid',
  category: 'api',
  severity: 'error',
  summary: 'a selector whose keys or values no labels can have',
  explanation: `A Service's selector is compared with the labels of pods, so its keys and values are written as labels
are: at most 63 letters, digits, '-', '_' and '.'.`,
  check({ selector }, report) {
    const field = ['spec', 'selector'];
    for (const key in selector) {
      const keyProblem = qualifiedNameProblem(key);
      const place = [...field, key];
      if (keyProblem !== undefined) {
        report({ field, place, at: 'key', message: `selector key ${quoteValue(key)} ${keyProblem}` });
      }
      const value = selector[key] ?? '';
      const problem = labelValueProblem(value);
      if (problem !== undefined)
        report({ field, place, message: `selector value ${quoteValue(value)} ${problem}` });
    }
  },
} as const satisfies ServiceRule;
