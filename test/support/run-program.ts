import { run } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, with `stdin` piped in; `terminal` replaces parts of what it sees. */
export async function runProgram(
  argv: readonly string[],
  stdin = '',
  terminal: Partial<Terminal> = {},
): Promise<ProgramRun> {
  let [stdout, stderr] = ['', ''];
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const exitCode = await run(argv, {
    program: 'svcgen',
    env: {},
    stdinIsTTY: false,
    stdinIsPiped: false,
    stdoutIsTTY: false,
    stderrIsTTY: false,
    stdoutColumns: () => undefined,
    readStdin: () => [new TextEncoder().encode(stdin)],
    writeStdout: (text) => {
      stdout += typeof text === 'string' ? text : decoder.decode(text, { stream: true });
    },
    writeStderr: (text) => {
      stderr += text;
    },
    ...terminal,
  });
  return { exitCode, stdout, stderr };
}

/** The same, without the line that says what was judged. */
export function runQuietly(
  argv: readonly string[],
  stdin = '',
  terminal: Partial<Terminal> = {},
): Promise<ProgramRun> {
  return runProgram([...argv, '--quiet'], stdin, terminal);
}
