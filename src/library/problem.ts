import type { Diagnostic, Severity } from '../diagnostic/diagnostic.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { LibraryCode } from './codes.ts';

/** What there is to say about the input as a whole. */
export interface InputProblem<Code extends string> {
  readonly code: Code;
  readonly severity?: Severity;
  /** What it is about, as the user names it. */
  readonly file?: string;
  readonly message: string;
  readonly hint?: string;
}

/** A diagnostic about the input as a whole, before there are objects and fields. An error unless said otherwise. */
export function inputProblem<Code extends string = LibraryCode>({
  severity = 'error',
  ...problem
}: InputProblem<NoInfer<Code>>): Diagnostic {
  return { ...problem, severity, object: '', field: [], span: undefined, related: [] };
}

/** An error in an option of the library. `message` goes on after the name of the option. */
export function optionProblem(field: FieldPath, message: string): Diagnostic {
  const name = field.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return { ...inputProblem({ code: 'option-value', message: `option ${name.slice(1)}: ${message}` }), field };
}
