import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Terminal } from '../terminal.ts';

/** Prints diagnostics to stderr; nothing when there are none, and then nothing of what it takes is loaded. */
export async function report(diagnostics: readonly Diagnostic[], terminal: Terminal): Promise<void> {
  if (diagnostics.length === 0) return;
  const { printPretty } = await import('../../diagnostic/print-pretty.ts');
  const { stderrColors } = await import('./colors.ts');
  terminal.writeStderr(printPretty(diagnostics, { colors: await stderrColors(terminal) }));
}
