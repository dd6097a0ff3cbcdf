import type { Diagnostic } from './diagnostic.ts';

/** Whether nothing must come of the input. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
