import { MAX_SHOWN } from '../../diagnostic/choose-shown.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { inPieces } from '../../lang/text/in-pieces.ts';
import type { Terminal } from '../terminal.ts';

/** How much is to be said. */
export interface ReportFlags {
  /** Not only the most telling ones of very many. */
  readonly all?: boolean;
}

/** Prints diagnostics to stderr; nothing when there are none, and then nothing of what it takes is loaded. */
export async function report(
  diagnostics: readonly Diagnostic[],
  { all }: ReportFlags,
  terminal: Terminal,
): Promise<void> {
  if (diagnostics.length === 0) return;
  const { printPretty } = await import('../../diagnostic/print-pretty.ts');
  const { stderrColors } = await import('./colors.ts');
  const options = { colors: await stderrColors(terminal), limit: all === true ? undefined : MAX_SHOWN };
  for (const piece of inPieces(printPretty(diagnostics, options))) terminal.writeStderr(piece);
}
