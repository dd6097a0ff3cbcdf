import { utf8Length } from '../../formats/utf8-length.ts';
import type { MetadataRule } from '../../rule.ts';

const LIMIT = 256 * 1024;

/** ValidateAnnotationsSize (apimachinery, 1.34). */
export const annotationsSize = {
  code: 'annotations-size',
  category: 'api',
  severity: 'error',
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
