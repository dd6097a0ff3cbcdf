import type { FieldPath } from '../model/field-path.ts';
import type { Span } from '../model/source.ts';

/**
 * `error`: no output comes of the input. `warning`: doubtful, `--warnings-as-errors` makes it an error. `info`: worth
 * knowing, whatever the flags.
 */
export type Severity = 'error' | 'warning' | 'info';

/** Something that the user should know of the input. Plain data: printers make text of it. */
export interface Diagnostic {
  /** Those of a stage are described in its codes.ts, those of rules in the rules. */
  readonly code: string;
  readonly severity: Severity;
  /** `Service default/web`; "" when it is about a file or a flag. */
  readonly object: string;
  /** Empty when it is about the object, the file or a flag as a whole. */
  readonly field: FieldPath;
  /** undefined when it is about a file as a whole, or about none (a flag). */
  readonly span: Span | undefined;
  /** The file or folder that it is about, where it is about no place in one. */
  readonly file?: string;
  /** Other places that belong to it, e.g. the first of two duplicates. */
  readonly related: readonly Related[];
  /** What is wrong, with the value: lower case, no full stop. */
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
  /** There are more of this code and severity than are kept: how many. */
  readonly more?: More | undefined;
}

/** Findings that are only counted. */
export interface More {
  readonly count: number;
  /** Those that they are in. */
  readonly files: ReadonlySet<string>;
}

export interface Related {
  readonly message: string;
  readonly span: Span;
}
