import { labelValueProblem } from '../../formats/qualified-name.ts';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateLabels (apimachinery, 1.34). */
export const labelValueValid = {
  code: 'label-value-valid',
  category: 'api',
  severity: 'error',
  summary: 'a label value that is too long, or has other characters than labels may have',
  explanation: `Selectors compare the values of labels, so they are short and plain: at most 63 letters, digits, '-',
'_' and '.', starting and ending with a letter or digit; or empty. What needs more room belongs into an annotation.`,
  check({ metadata, path }, report) {
    const { labels } = metadata;
    for (const key in labels) {
      const value = labels[key] ?? '';
      const problem = labelValueProblem(value);
      if (problem === undefined) continue;
      const field = [...path, 'labels'];
      const message = `value ${quoteValue(value)} of label ${quoteValue(key)} ${problem}`;
      report({ field, place: [...field, key], message, hint: 'free text can stand in an annotation' });
    }
  },
} as const satisfies MetadataRule;
