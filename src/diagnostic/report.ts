import { type ObjectMeta, objectKey } from '../model/cluster.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { Diagnostic, Related, Severity } from './diagnostic.ts';

const LISTED = 10;

/** What a stage after validation says in a diagnostic. */
export interface RunReport<Code extends string> {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  readonly related?: readonly Related[];
}

/**
 * A diagnostic about a field of an object in the input. `Code` is the union of the codes that the stage has described,
 * and is always written out: left out, no code is allowed.
 */
export function aboutField<Code extends string = never>(
  kind: string,
  object: ObjectMeta,
  field: FieldPath,
  report: RunReport<NoInfer<Code>>,
): Diagnostic {
  return {
    related: [],
    ...report,
    object: `${kind} ${objectKey(object)}`,
    field,
    span: object.locate(field),
  };
}

/** A diagnostic about a flag, or about the input as a whole. `Code`: as for `aboutField`. */
export function aboutRun<Code extends string = never>(report: RunReport<NoInfer<Code>>): Diagnostic {
  return { related: [], ...report, object: '', field: [], span: undefined };
}

/** `a, b, c`, or the first ten `and 7 more`. */
export function listNames(names: readonly string[]): string {
  if (names.length <= LISTED) return names.join(', ');
  return `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;
}

/** `1 service`, `2 services`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
