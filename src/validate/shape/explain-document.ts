import type { FieldPath } from '../../model/field-path.ts';
import type { Locator, Span } from '../../model/source.ts';
import { hintAt } from '../diagnose.ts';
import { explainShape } from './explain-shape.ts';
import { readShapes } from './shape.ts';

/** A place where a document differs from its schema. */
export interface DocumentFinding {
  readonly field: FieldPath;
  readonly span: Span;
  readonly message: string;
  readonly hint?: string;
}

/**
 * Says where and how a document that svcgen alone reads differs from its schema.
 * @param kind file name in schemas/ without its ending
 */
export function explainDocument(value: unknown, kind: string, locate: Locator): readonly DocumentFinding[] {
  return explainShape(value, kind, readShapes()).map((finding) => {
    const { field, place = field, at, message } = finding;
    const span = locate(place, at);
    const hint = hintAt(finding, span);
    return {
      field: place,
      span,
      message: message.replace(', which the API server ignores', ''),
      ...(hint === undefined ? {} : { hint }),
    };
  });
}
