import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { applyPolicy } from '../diagnostic/policy.ts';
import { type PolicyOptions, policyOf } from './options.ts';

/** Something that found something. */
export interface WithDiagnostics {
  readonly diagnostics: readonly Diagnostic[];
}

/** What a run says in the end. */
export interface Conclusion {
  /** As the user wants to hear them, sorted. */
  readonly diagnostics: readonly Diagnostic[];
  /** An error in any of them means that there must be no output. */
  readonly hasErrors: boolean;
}

/** Puts together what the parts of a run have found; undefined: there was no such part. */
export function conclude(
  options: PolicyOptions,
  parts: readonly (WithDiagnostics | undefined)[],
): Conclusion {
  const found = parts.flatMap((part) => part?.diagnostics ?? []);
  const diagnostics = applyPolicy(found, policyOf(options));
  return { diagnostics, hasErrors: hasErrors(diagnostics) };
}
