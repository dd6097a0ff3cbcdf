import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateLabels (apimachinery, 1.34). Keys of labels are told apart by case, their prefixes are DNS names. */
export const labelKeyValid = {
  code: 'label-key-valid',
  category: 'api',
  severity: 'error',
  summary: 'a label key that is no qualified name',
  explanation: `The key of a label is a name of at most 63 letters, digits, '-', '_' and '.', with an optional prefix:
a lower case DNS name and '/'.`,
  check({ metadata, path }, report, { validKeys }) {
    for (const key in metadata.labels) {
      if (validKeys.has(key)) continue;
      const problem = qualifiedNameProblem(key);
      if (problem === undefined) {
        validKeys.add(key);
        continue;
      }
      const field = [...path, 'labels'];
      report({
        field,
        place: [...field, key],
        at: 'key',
        message: `label key ${quoteValue(key)} ${problem}`,
      });
    }
  },
} as const satisfies MetadataRule;
