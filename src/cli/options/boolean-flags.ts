import { type Command, Option } from 'commander';

/** As Go's flag packages read them. */
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/**
 * Lets every option without a value be set either way, in the manner of kube-proxy's flags: `--flag=true`,
 * `--flag=false`, `--no-flag`. Commander only knows the last: the others are rewritten by `rewriteBooleanFlags`.
 */
export function addOppositeFlags(command: Command): void {
  const names = new Set(command.options.map(({ long }) => long));
  for (const { long, required, optional } of [...command.options]) {
    if (typeof long !== 'string' || required || optional) continue;
    if (!names.has(oppositeOf(long))) command.addOption(new Option(oppositeOf(long)).hideHelp());
  }
}

/**
 * Rewrites `--flag=true` and `--flag=false` for the options without a value of one command. What stands behind
 * `--` is left alone.
 * @param fail ends with a usage error
 */
export function rewriteBooleanFlags(
  argv: readonly string[],
  command: Command,
  fail: (message: string) => never,
): readonly string[] {
  const withoutValue = command.options.filter(({ required, optional }) => !required && !optional);
  const flags = new Set(withoutValue.map(({ long }) => long));
  const end = argv.indexOf('--');
  return argv.map((argument, index) => {
    const equals = argument.indexOf('=');
    const flag = argument.slice(0, Math.max(equals, 0));
    if ((end >= 0 && index > end) || !flags.has(flag)) return argument;
    const value = argument.slice(equals + 1);
    if (TRUE.includes(value)) return flag;
    if (FALSE.includes(value)) return oppositeOf(flag);
    return fail(`error: option '${flag}' takes true or false, not ${JSON.stringify(value)}`);
  });
}

function oppositeOf(flag: string): string {
  return flag.startsWith('--no-') ? `--${flag.slice('--no-'.length)}` : `--no-${flag.slice('--'.length)}`;
}
