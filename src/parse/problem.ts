import type { parseCodes } from '../diagnostic/codes/parse.ts';
import type { Severity } from '../diagnostic/diagnostic.ts';
import type { Range } from './place.ts';

/** Something wrong with the text of a document, before it is known to be an object. */
export interface Problem {
  readonly code: keyof typeof parseCodes;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly range: Range;
  /** The other place that it has to do with, and what that is. */
  readonly related?: { readonly message: string; readonly range: Range };
}

/** Thrown by readers and caught where documents are read: the document has no value. */
export class UnreadableDocument extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}
