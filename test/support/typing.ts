import { spawn } from 'node:child_process';

/** How an interactive shell is started that reads nothing of its user's, and what is typed to make it ready. */
export interface TypedShell {
  readonly command: string;
  readonly setUp: readonly string[];
}

const PROMPT = 'READY>';
const TIMEOUT_MS = 20_000;

/**
 * Types command lines into an interactive shell on a terminal, one by one, each followed by return.
 * @returns what the command `svcgen` was called with for each line: `<render><--config>`
 */
export async function typeInto(
  { command, setUp }: TypedShell,
  lines: readonly string[],
  options: { readonly cwd: string },
): Promise<readonly string[]> {
  const env = { PATH: process.env.PATH ?? '', HOME: options.cwd, TERM: 'dumb', COLUMNS: '400' };
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: options.cwd, env });
  let output = '';
  let wake = () => {};
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
    wake();
  });
  const waitForPrompt = async (): Promise<string> => {
    const deadline = Date.now() + TIMEOUT_MS;
    while (!output.includes(PROMPT)) {
      if (Date.now() > deadline) throw new Error(`no prompt of ${command}:\n${output}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 100);
      });
    }
    const [before = '', ...rest] = output.split(PROMPT);
    output = rest.join(PROMPT);
    return before;
  };
  try {
    for (const line of setUp) child.stdin.write(`${line}\n`);
    await waitForPrompt();
    const calls: string[] = [];
    for (const line of lines) {
      child.stdin.write(`${line}\n`);
      const answer = await waitForPrompt();
      calls.push(/^(?:<.*>)$/m.exec(answer.replaceAll('\r', ''))?.[0] ?? answer);
    }
    return calls;
  } finally {
    child.kill('SIGKILL');
  }
}
