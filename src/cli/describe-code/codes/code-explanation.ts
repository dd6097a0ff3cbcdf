import type { Severity } from '../../../diagnostic/diagnostic.ts';

/**
 * What is to be said of a code that no rule of `validate` makes. Category and one-line summary stand in
 * src/diagnostic/codes/ under the same code.
 */
export interface CodeExplanation {
  readonly severity: Severity;
  /** What it means, why it matters, and what brings it about where no manifest can show that: a few sentences. */
  readonly explanation: string;
  /** Absent: it is about files, not about what they hold. */
  readonly examples?: {
    /** Input whose first line is a comment: the command that yields the code, reading this as stdin. */
    readonly failing: string;
    /** Nearly the same, without the code. */
    readonly passing: string;
  };
}
