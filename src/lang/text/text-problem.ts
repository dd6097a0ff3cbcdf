import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { SourceText } from '../../model/source-text.ts';
import type { SavedRulesCode } from './codes.ts';

/** A line of the text. */
export interface LinePlace {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

interface TextProblem {
  readonly code: SavedRulesCode;
  readonly place: { readonly start: number; readonly end: number };
  readonly message: string;
  readonly hint: string;
}

/** Something wrong with what a node's tool has printed. */
export function textProblem(source: SourceText, { code, place, message, hint }: TextProblem): Diagnostic {
  const span = source.span(place.start, place.end);
  return { code, severity: 'error', object: '', field: [], span, related: [], message, hint };
}
