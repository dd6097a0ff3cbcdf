import { utf8Length } from '../../formats/utf8-length.ts';
import type * as api from '../../generated/shapes.js';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateManagedFields (apimachinery, 1.34). */
export const managedFieldsValid = {
  code: 'managed-fields-valid',
  category: 'api',
  severity: 'error',
  summary: 'metadata.managedFields that the API server did not write',
  explanation: `The API server keeps track in metadata.managedFields of who set which field. Manifests do not set it;
when it was saved along with an object, it has to be as the API server wrote it.`,
  check({ metadata, path }, report) {
    const list = metadata.managedFields;
    if (!list) return;
    for (const [index, entry] of list.entries()) {
      for (const [key, problem] of problemsOf(entry ?? {})) {
        report({
          field: [...path, 'managedFields', index, key],
          message: `${key} ${problem}`,
          hint: 'leave managedFields out',
        });
      }
    }
  },
} as const satisfies MetadataRule;

const MAX_MANAGER = 128;
const MAX_SUBRESOURCE = 256;
const UNPRINTABLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

function problemsOf(entry: api.ManagedFieldsEntry): readonly (readonly [key: string, problem: string])[] {
  const { operation, fieldsType, manager, subresource } = entry;
  const problems: (readonly [string, string])[] = [];
  if (operation !== 'Apply' && operation !== 'Update') {
    problems.push(['operation', `${quoteValue(operation ?? '')} is neither "Apply" nor "Update"`]);
  }
  if (fieldsType && fieldsType !== 'FieldsV1')
    problems.push(['fieldsType', `${quoteValue(fieldsType)} is not "FieldsV1"`]);
  if (utf8Length(manager ?? '') > MAX_MANAGER)
    problems.push(['manager', `is longer than ${MAX_MANAGER} bytes`]);
  if (UNPRINTABLE.test(manager ?? '')) problems.push(['manager', 'has characters that cannot be printed']);
  if (utf8Length(subresource ?? '') > MAX_SUBRESOURCE) {
    problems.push(['subresource', `is longer than ${MAX_SUBRESOURCE} bytes`]);
  }
  return problems;
}
