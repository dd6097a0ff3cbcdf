import type { Severity } from './diagnostic.ts';

/**
 * Who objects. `api`: the API server or its allocators refuse it. `cross`: two objects contradict each other.
 * `node`: a node could not program it, or would program something unsafe. `input`: not readable, or wrong usage.
 */
export type CodeCategory = 'api' | 'cross' | 'node' | 'input';

/** Everything that there is to say about a code. The stage that reports it keeps this beside the code that does. */
export interface CodeDescription {
  readonly category: CodeCategory;
  /** What the stage reports it with, unless flags say otherwise. */
  readonly severity: Severity;
  /** One line: what is wrong when this code appears. */
  readonly summary: string;
  /** What it means, why it matters and what brings it about: a few sentences. Examples are in fixtures/invalid/<code>. */
  readonly explanation: string;
}

/** Descriptions by code. Codes are stable: CI configurations and `svcgen/ignore` annotations name them. */
export type CodeDescriptions = Readonly<Record<string, CodeDescription>>;

/** A code with its description, as rules of validation are. */
export interface CodeRecord extends CodeDescription {
  readonly code: string;
}
