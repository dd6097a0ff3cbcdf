import type { Compiled } from '../../library/compile.ts';
import type { Terminal } from '../terminal.ts';
import { emit } from './emit.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type ReportFlags, report } from './report.ts';
import type { OutputFile } from './write-files.ts';

interface Ending {
  readonly lockFiles: readonly OutputFile[];
  readonly flags: ReportFlags;
  readonly terminal: Terminal;
}

/** Ends a command that prints one text: says what was found, and prints the first artifact, if there are no errors. */
export async function finishText<Name extends string>(
  { artifacts, diagnostics }: Compiled<Name>,
  { lockFiles, flags, terminal }: Ending,
): Promise<ExitCode> {
  await report(diagnostics, flags, terminal);
  if (artifacts === undefined) return EXIT.inputErrors;
  const [artifact] = artifacts.values();
  return emit({ files: lockFiles, stdout: artifact?.pieces() ?? [] }, terminal);
}
