import type { Diagnostic, Severity } from '../../diagnostic/diagnostic.ts';
import type { CliCode } from '../codes.ts';

interface InputProblem {
  readonly code: CliCode;
  readonly severity?: Severity;
  /** What it is about, as the user names it. */
  readonly file?: string;
  readonly message: string;
  readonly hint?: string;
}

/** A diagnostic about the input as files, before there are objects and fields. An error unless said otherwise. */
export function inputProblem({ severity = 'error', ...problem }: InputProblem): Diagnostic {
  return { ...problem, severity, object: '', field: [], span: undefined, related: [] };
}
