import { quoteFish } from '../../../lang/text/quote.ts';
import type { CommandSpec, OptionSpec, ProgramSpec, ValueSpec } from './describe-program.ts';

/** A script for fish 3.0 and later. */
export function fishCompletion({ options, commands }: ProgramSpec): string {
  const first = '__svcgen_lacks_command';
  return `# Completion of svcgen for fish. To have it in every shell:
#   svcgen completion fish > ~/.config/fish/completions/svcgen.fish

function __svcgen_lacks_command
    test (count (commandline -opc)) -eq 1
end

function __svcgen_command_is
    set -l words (commandline -opc)
    test (count $words) -gt 1; and test $words[2] = $argv[1]
end

complete -c svcgen -f
${commands.map(({ name, summary }) => entry(first, `-a ${quoteFish(name)}`, summary)).join('')}${options.map((option) => optionEntry(first, option)).join('')}${commands.map(commandEntries).join('')}`;
}

function commandEntries({ name, options, operand }: CommandSpec): string {
  const condition = `__svcgen_command_is ${name}`;
  const operands = operand === undefined ? '' : entry(condition, operandFlags(operand));
  return `${operands}${options.map((option) => optionEntry(condition, option)).join('')}`;
}

function optionEntry(condition: string, { flags, description, value }: OptionSpec): string {
  const names = flags.map((flag) =>
    flag.startsWith('--') ? `-l ${quoteFish(flag.slice(2))}` : `-s ${quoteFish(flag.slice(1))}`,
  );
  const rest = value === undefined ? [] : [valueFlags(value)];
  return entry(condition, [...names, ...rest].join(' '), description);
}

function entry(condition: string, rest: string, description?: string): string {
  const note = description === undefined ? '' : ` -d ${quoteFish(description)}`;
  return `complete -c svcgen -n ${quoteFish(condition)} ${rest}${note}\n`;
}

/** -r: a value has to follow; -x: one that is no file; -F: one that is. */
function valueFlags(value: ValueSpec): string {
  switch (value.kind) {
    case 'choices':
      return `-x -a ${quoteFish(value.choices.join(' '))}`;
    case 'file':
      return '-r -F';
    case 'folder':
      return `-x -a ${quoteFish('(__fish_complete_directories)')}`;
    case 'other':
      return '-x';
  }
}

function operandFlags(value: ValueSpec): string {
  return value.kind === 'choices' ? `-a ${quoteFish(value.choices.join(' '))}` : '-F';
}
