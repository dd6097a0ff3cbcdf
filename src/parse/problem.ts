import type { Severity } from '../diagnostic/diagnostic.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { ParseCode } from './codes.ts';
import type { Range } from './place.ts';

/** Something wrong with a document: a diagnostic whose places are still ranges of the file's text. */
export interface Problem {
  readonly code: ParseCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly range: Range;
  /** Below its document; undefined when it is about no field. */
  readonly path?: FieldPath;
  /** The other place that it has to do with, and what that is. */
  readonly related?: { readonly message: string; readonly range: Range };
}

/** A key stands in its map already, at `first`. */
export function duplicateKey(
  key: string,
  { range, first, path }: { readonly range: Range; readonly first: Range; readonly path: FieldPath },
): Problem {
  return {
    code: 'duplicate-key',
    severity: 'warning',
    message: `the key ${quote(key)} stands twice in this map: only the last one counts`,
    hint: 'remove one of the two',
    range,
    path,
    related: { message: 'the first one', range: first },
  };
}

/** A string as messages show it: quoted, and cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}
