import { basename } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { describeBug } from './output/describe-bug.ts';
import { say } from './output/say.ts';
import { run } from './program.ts';
import { type Program, processTerminal } from './terminal.ts';

/** What no user's input should be able to cause: sysexits' EX_SOFTWARE. */
const BUG = 70;

/**
 * Runs the command line of this process and ends it: terminals write at once, so that nothing is left to wait for, and
 * to take the memory of a large cluster apart would only take time.
 */
export async function main(): Promise<void> {
  const terminal = await processTerminal(programName());
  const argv = process.argv.slice(2);
  try {
    process.exit(await run(argv, terminal));
  } catch (error) {
    for (const line of describeBug(error, argv, packageJson)) say(terminal, line);
    process.exit(BUG);
  }
}

/** kubectl starts a plugin by its file, `kubectl-svcgen`. */
function programName(): Program {
  return basename(process.argv[1] ?? '').startsWith('kubectl-') ? 'kubectl svcgen' : 'svcgen';
}

export { run };
