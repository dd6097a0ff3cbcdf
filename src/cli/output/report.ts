import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { warningsAsErrors } from '../../diagnostic/warnings-as-errors.ts';
import type { InputFlags } from '../options/input-options.ts';
import type { Terminal } from '../terminal.ts';

/** Codes of warnings that `--strict` makes errors, beside those that validation itself does. */
const STRICT_CODES: ReadonlySet<string> = new Set(['duplicate-key']);

/** Diagnostics as the flags want them: silenced, stricter. Errors are never silenced: rules must not come of them. */
export function applyFlags(diagnostics: readonly Diagnostic[], flags: InputFlags): readonly Diagnostic[] {
  const disabled = new Set(flags.disable);
  const kept = diagnostics.filter(({ code, severity }) => severity === 'error' || !disabled.has(code));
  if (flags.warningsAsErrors === true) return warningsAsErrors(kept);
  if (flags.strict !== true) return kept;
  return kept.map((diagnostic) =>
    STRICT_CODES.has(diagnostic.code) ? { ...diagnostic, severity: 'error' } : diagnostic,
  );
}

/** Prints diagnostics to stderr; nothing when there are none, and then nothing of what it takes is loaded. */
export async function report(diagnostics: readonly Diagnostic[], terminal: Terminal): Promise<void> {
  if (diagnostics.length === 0) return;
  const { printPretty } = await import('../../diagnostic/print-pretty.ts');
  const { stderrColors } = await import('./colors.ts');
  terminal.writeStderr(printPretty(diagnostics, { colors: await stderrColors(terminal) }));
}
