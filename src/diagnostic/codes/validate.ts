import type { CodeDescription } from './code-description.ts';
import { crossCodes } from './cross.ts';

/** In the order of the rules: shapes, metadata, then kind by kind; rules across objects come last. */
export const validateCodes = {
  'unknown-field': { category: 'api', summary: 'every field is one that the API server knows' },
  'field-type': { category: 'api', summary: 'every field has a value of its type' },
  'integer-size': { category: 'api', summary: 'integers fit their 32 or 64 bits' },
  'timestamp-format': { category: 'api', summary: 'times are spelled as RFC 3339 wants' },
  'quantity-format': { category: 'api', summary: 'quantities are numbers with a known suffix' },
  'api-version-served': { category: 'api', summary: 'the API version is one that clusters still serve' },
  'object-silenced': { category: 'api', summary: 'an object whose errors are silenced is left out' },
  ...crossCodes,
} as const satisfies Record<string, CodeDescription>;
