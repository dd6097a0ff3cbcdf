import { run } from './program.ts';
import { processTerminal } from './terminal.ts';

/** What no user's input should be able to cause: sysexits' EX_SOFTWARE. */
const BUG = 70;

/**
 * Runs the command line of this process and ends it: terminals write at once, so that nothing is left to wait for, and
 * to take the memory of a large cluster apart would only take time.
 */
export async function main(): Promise<void> {
  const terminal = await processTerminal();
  try {
    process.exit(await run(process.argv.slice(2), terminal));
  } catch (error) {
    const details = error instanceof Error ? error.stack : String(error);
    terminal.writeStderr(`svcgen: this is a bug of svcgen, please report it\n${details}\n`);
    process.exit(BUG);
  }
}

export { run };
