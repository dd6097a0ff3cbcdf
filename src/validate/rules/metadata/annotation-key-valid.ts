import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateAnnotations (apimachinery, 1.34): as label keys, but case does not matter in the prefix either. */
export const annotationKeyValid = {
  code: 'annotation-key-valid',
  category: 'api',
  severity: 'error',
  summary: 'an annotation key that is no qualified name',
  explanation: `The key of an annotation is a name of at most 63 letters, digits, '-', '_' and '.', with an optional
prefix: a DNS name and '/'. Unlike with labels, the prefix may have upper case letters.`,
  check({ metadata, path }, report, { validKeys }) {
    for (const key in metadata.annotations) {
      if (validKeys.has(key)) continue;
      const problem = qualifiedNameProblem(key.toLowerCase());
      if (problem === undefined) {
        // A key with an upper case prefix would be none for a label.
        if (qualifiedNameProblem(key) === undefined) validKeys.add(key);
        continue;
      }
      const field = [...path, 'annotations'];
      report({
        field,
        place: [...field, key],
        at: 'key',
        message: `annotation key ${quoteValue(key)} ${problem}`,
      });
    }
  },
} as const satisfies MetadataRule;
