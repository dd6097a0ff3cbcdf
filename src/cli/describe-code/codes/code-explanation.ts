import type { Severity } from '../../../diagnostic/diagnostic.ts';

/**
 * What is to be said of a code that no rule of `validate` makes. Category and one-line summary stand in
 * src/diagnostic/codes/ under the same code.
 */
export interface CodeExplanation {
  readonly severity: Severity;
  /** What it means, why it matters, and what brings it about where no manifest can show that: a few sentences. */
  readonly explanation: string;
}
