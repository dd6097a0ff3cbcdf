import { labelValueProblem, qualifiedNameProblem } from '../../formats/qualified-name.ts';
import { utf8Length } from '../../formats/utf8-length.ts';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateAnnotations (apimachinery, 1.34): as label keys, but case does not matter in the prefix either. */
export const annotationKeyValid = {
  code: 'annotation-key-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['annotations'],
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

const LIMIT = 256 * 1024;

/** ValidateAnnotationsSize (apimachinery, 1.34). */
export const annotationsSize = {
  code: 'annotations-size',
  category: 'api',
  severity: 'error',
  onlyWith: ['annotations'],
  summary: 'annotations of more than 256 KiB',
  explanation: `All annotations of an object, keys and values, have to fit into 256 KiB. Large blobs, such as the
last-applied configuration of a huge object, belong into a ConfigMap (or kubectl apply --server-side is used).`,
  check({ metadata, path }, report) {
    const { annotations } = metadata;
    let units = 0;
    for (const key in annotations) units += key.length + (annotations[key] ?? '').length;
    // No character takes more than three bytes for each of its UTF-16 units.
    if (units * 3 <= LIMIT) return;
    let size = 0;
    for (const key in annotations) size += utf8Length(key) + utf8Length(annotations[key] ?? '');
    if (size <= LIMIT) return;
    report({
      field: [...path, 'annotations'],
      message: `annotations have ${size} bytes, more than the ${LIMIT} that fit`,
    });
  },
} as const satisfies MetadataRule;

/** ValidateLabels (apimachinery, 1.34). Keys of labels are told apart by case, their prefixes are DNS names. */
export const labelKeyValid = {
  code: 'label-key-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['labels'],
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

/** ValidateLabels (apimachinery, 1.34). */
export const labelValueValid = {
  code: 'label-value-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['labels'],
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
