import type { Terminal } from '../terminal.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { holdBack } from './hold-back.ts';
import { say } from './say.ts';
import { type OutputFile, writeFiles } from './write-files.ts';

/** What a command has made. */
export interface Output {
  /** Written first, all or none. */
  readonly files: readonly OutputFile[];
  /** Lines or larger chunks; undefined: nothing goes to stdout. */
  readonly stdout?: Iterable<string>;
  /** Told when the files are written, or could not be, before anything is said of it. */
  readonly afterFiles?: () => void;
}

/** Writes output that is free of errors: nothing of it before all of it is made. */
export async function emit(
  { files, stdout = [], afterFiles }: Output,
  terminal: Terminal,
): Promise<ExitCode> {
  const pieces = holdBack(stdout);
  const failure = await writeFiles(files);
  afterFiles?.();
  if (failure !== undefined) {
    say(terminal, `error: cannot write ${JSON.stringify(failure.path)}: ${failure.reason}`);
    return EXIT.inputErrors;
  }
  for (const piece of pieces) terminal.writeStdout(piece);
  return EXIT.ok;
}
