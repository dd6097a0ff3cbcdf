import { run } from './program.ts';
import { processTerminal } from './terminal.ts';

/** What no user's input should be able to cause: sysexits' EX_SOFTWARE. */
const BUG = 70;

/** Runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  const terminal = await processTerminal();
  try {
    process.exitCode = await run(process.argv.slice(2), terminal);
  } catch (error) {
    const details = error instanceof Error ? error.stack : String(error);
    terminal.writeStderr(`svcgen: this is a bug of svcgen, please report it\n${details}\n`);
    process.exitCode = BUG;
  }
}

export { run };
