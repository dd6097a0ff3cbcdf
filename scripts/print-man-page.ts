import type { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import {
  describeLoaded,
  describeProgram,
  type OptionSpec,
  type ProgramSpec,
} from '../src/cli/commands/completion/describe-program.ts';
import { loadProgram } from '../src/cli/program.ts';
import type { Terminal } from '../src/cli/terminal.ts';

/** Nobody looks, nothing is piped in. */
export const NO_TERMINAL: Terminal = {
  program: 'svcgen',
  env: {},
  stdinIsTTY: false,
  stdinIsPiped: false,
  stdoutIsTTY: false,
  stderrIsTTY: false,
  stdoutColumns: () => undefined,
  readStdin: () => [],
  writeStdout: () => {},
  writeStderr: () => {},
};

const ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ['NO_COLOR', 'Any value but the empty one: no colours.'],
  ['FORCE_COLOR', 'Any value but 0 and false: colours, even where no terminal is.'],
];

/** What the command line consists of: the script of `completion` holds it. */
export function describeCommands(): Promise<ProgramSpec> {
  return describeLoaded(() => loadProgram(NO_TERMINAL));
}

/** man/svcgen.1: what the help says, of all commands, as a manual page in roff. */
export async function printManPage(): Promise<string> {
  const program = await loadProgram(NO_TERMINAL);
  const spec = describeProgram(program);
  const sections = spec.commands.flatMap(({ name, options }) => {
    const command = program.commands.find((each) => each.name() === name);
    return command === undefined ? [] : [commandSection(command, options)];
  });
  const description = program.description();
  return [
    `.\\" Made by scripts/build.mjs from the help texts.`,
    `.TH SVCGEN 1 "" "svcgen ${packageJson.version}" "User Commands"`,
    '.SH NAME',
    roff(`svcgen - ${description}`),
    '.SH SYNOPSIS',
    `\\fBsvcgen\\fR ${roff(program.usage())}`,
    '.SH COMMANDS',
    ...spec.commands.map(({ name, summary }) => definition(bold(name), summary)),
    '.SH OPTIONS',
    ...spec.options.map(optionEntry),
    trailingText(program),
    ...sections,
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.map(([name, meaning]) => definition(bold(name), meaning)),
    '',
  ].join('\n');
}

function commandSection(command: Command, options: readonly OptionSpec[]): string {
  const groups = [...new Set(options.map(({ group }) => group))];
  return [
    `.SH "SVCGEN ${command.name().toUpperCase()}"`,
    `\\fBsvcgen ${roff(command.name())}\\fR ${roff(command.usage())}`,
    '.PP',
    roff(command.description()),
    ...groups.flatMap((group) => [
      `.SS "${roff(group.replace(/:$/, ''))}"`,
      ...options.filter((option) => option.group === group).map(optionEntry),
    ]),
    trailingText(command),
  ].join('\n');
}

function optionEntry({ term, details }: OptionSpec): string {
  return definition(bold(term), details);
}

function definition(term: string, text: string): string {
  return `.TP\n${term}\n${roff(text)}`;
}

/** What the help says behind the options. */
export function trailingHelp(command: Command): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return help.slice(command.helpInformation().length).trim();
}

/** The same: paragraphs, and indented lines as they are. */
function trailingText(command: Command): string {
  return trailingHelp(command).split(/\n\n+/).map(paragraph).join('\n');
}

function paragraph(text: string): string {
  const lines = text.split('\n').map((line, index, all) => {
    const isIndented = line.startsWith(' ');
    const wasIndented = all[index - 1]?.startsWith(' ') ?? false;
    if (isIndented === wasIndented) return roff(line);
    return `${isIndented ? '.nf' : '.fi'}\n${roff(line)}`;
  });
  return ['.PP', ...lines, ...(/\n .*$/.test(text) ? ['.fi'] : [])].join('\n');
}

function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

/** Text that is shown as it is: dashes and quotes can be copied, and no line is taken for a request. */
function roff(text: string): string {
  return text.replace(/[\\'^`~"-]/g, (character) => ESCAPES[character] ?? character).replace(/^\./gm, '\\&.');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\e',
  "'": '\\(aq',
  '^': '\\(ha',
  '`': '\\(ga',
  '~': '\\(ti',
  '"': '\\(dq',
  '-': '\\-',
};
