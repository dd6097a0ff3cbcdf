import type { DiagnosticCode } from '../diagnostic/codes.ts';
import type { Diagnostic, Related, Severity } from '../diagnostic/diagnostic.ts';
import { type ObjectMeta, objectKey } from '../model/cluster.ts';
import type { FieldPath } from '../model/field-path.ts';

const LISTED = 10;

/** What a diagnostic of a renderer says. */
export interface Report {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  readonly related?: readonly Related[];
}

/** About a field of a Service. */
export function aboutService(service: ObjectMeta, field: FieldPath, report: Report): Diagnostic {
  return {
    related: [],
    ...report,
    object: `Service ${objectKey(service)}`,
    field,
    span: service.locate(field),
  };
}

/** About a flag, or about the input as a whole. */
export function aboutRun(report: Report): Diagnostic {
  return { related: [], ...report, object: '', field: [], span: undefined };
}

/** `a, b, c`, or the first ten `and 7 more`. */
export function listNames(names: readonly string[]): string {
  if (names.length <= LISTED) return names.join(', ');
  return `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;
}
