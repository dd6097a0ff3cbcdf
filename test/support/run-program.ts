import { run } from '../../src/cli/program.ts';

export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, with `stdin` piped in. */
export async function runProgram(argv: readonly string[], stdin = ''): Promise<ProgramRun> {
  let [stdout, stderr] = ['', ''];
  const exitCode = await run(argv, {
    env: {},
    stdinIsTTY: false,
    stderrIsTTY: false,
    readStdin: () => new TextEncoder().encode(stdin),
    writeStdout: (text) => {
      stdout += text;
    },
    writeStderr: (text) => {
      stderr += text;
    },
  });
  return { exitCode, stdout, stderr };
}
