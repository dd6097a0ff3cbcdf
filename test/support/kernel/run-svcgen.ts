import { run } from '../../../src/cli/program.ts';

export interface SvcgenResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line of svcgen in this process, on what comes over stdin. */
export async function runSvcgen(argv: readonly string[], stdin: string | Uint8Array): Promise<SvcgenResult> {
  const output = { stdout: '', stderr: '' };
  const exitCode = await run(argv, {
    env: {},
    stdinIsTTY: false,
    stderrIsTTY: false,
    readStdin: () => (typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin),
    writeStdout: (text) => {
      output.stdout += text;
    },
    writeStderr: (text) => {
      output.stderr += text;
    },
  });
  return { exitCode, ...output };
}
