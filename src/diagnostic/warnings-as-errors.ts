import type { Diagnostic } from './diagnostic.ts';

/** The same diagnostics, every warning among them an error (`--warnings-as-errors`). */
export function warningsAsErrors(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) =>
    diagnostic.severity === 'error' ? diagnostic : { ...diagnostic, severity: 'error' },
  );
}
