import { runProgram } from '../run-program.ts';
import type { CommandResult } from './agent-protocol.ts';
import type { Namespace } from './namespace.ts';

/** What `svcgen cleanup` prints. */
export async function renderCleanupScript(): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(['cleanup']);
  if (exitCode !== 0 || stderr !== '') throw new Error(`svcgen exited with ${exitCode}\n${stderr}`);
  return stdout;
}

/** Runs it on a host. */
export async function runCleanup(host: Namespace): Promise<CommandResult> {
  return host.run(['sh', '-s'], await renderCleanupScript());
}
