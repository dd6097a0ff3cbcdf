import { run } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

/** What a command line did. */
export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, with streams of its own; no stdin unless `terminal` gives one. */
export async function runCli(argv: readonly string[], terminal: Partial<Terminal> = {}): Promise<CliRun> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const exitCode = await run(argv, {
    env: {},
    stdinIsTTY: true,
    stderrIsTTY: false,
    readStdin: () => new Uint8Array(),
    writeStdout: (text) => stdout.push(text),
    writeStderr: (text) => stderr.push(text),
    ...terminal,
  });
  return { exitCode, stdout: stdout.join(''), stderr: stderr.join('') };
}
