import { execFile } from 'node:child_process';

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a program to its end, while this process goes on: it may be the registry that the program asks. */
export function run(program: string, args: readonly string[], { cwd, env }: RunOptions): Promise<Run> {
  return new Promise((done) => {
    const options = { cwd, env, encoding: 'utf8', maxBuffer: 1e8 } as const;
    const child = execFile(program, [...args], options, (_, stdout, stderr) =>
      done({ exitCode: child.exitCode ?? 1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
