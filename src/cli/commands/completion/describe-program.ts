import type { Argument, Command, Option } from 'commander';
import { choicesOfValue } from '../../options/values.ts';

/** What may stand for a value on the command line. */
export type ValueSpec =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'other' };

/** One option as the help shows it. */
export interface OptionSpec {
  /** `-o`, `--output-file`: one or both. */
  readonly flags: readonly string[];
  /** How the help writes it: `-o, --output-file <file>`. */
  readonly term: string;
  readonly description: string;
  /** The same with what the help adds: choices and the default. */
  readonly details: string;
  /** undefined: it takes none. */
  readonly value: ValueSpec | undefined;
  /** What its value is called: `file`. */
  readonly valueName: string;
  /** `Output:`, as the help has it. */
  readonly group: string;
}

/** One command, in the order of the help, `help` included. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  /** What it takes beside options; undefined: nothing. */
  readonly operand: ValueSpec | undefined;
  readonly operandName: string;
}

/** What the command line consists of, read from the program itself: completion and the manual are made of it. */
export interface ProgramSpec {
  readonly options: readonly OptionSpec[];
  readonly commands: readonly CommandSpec[];
}

/**
 * Describes the program that is loaded, with all its commands. In the script that scripts/build.mjs makes of
 * `completion` stands what this returned at build time: to load all commands for it took three quarters of a run.
 */
export async function describeLoaded(load: () => Promise<Command>): Promise<ProgramSpec> {
  return describeProgram(await load());
}

/** Describes a program all of whose commands are loaded. */
export function describeProgram(program: Command): ProgramSpec {
  const commands = program.createHelp().visibleCommands(program);
  const names = commands.map((command) => command.name());
  return {
    options: describeOptions(program),
    commands: commands.map((command) => describeCommand(command, names)),
  };
}

function describeCommand(command: Command, commandNames: readonly string[]): CommandSpec {
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    summary: command.summary() || command.description(),
    options: describeOptions(command),
    operand: argument === undefined ? undefined : operandOf(argument, commandNames),
    operandName: argument?.name() ?? '',
  };
}

/** Whatever is not a choice is the path of something to read. */
function operandOf(argument: Argument, commandNames: readonly string[]): ValueSpec {
  if (argument.argChoices !== undefined) return { kind: 'choices', choices: argument.argChoices };
  return argument.name() === 'command' ? { kind: 'choices', choices: commandNames } : { kind: 'file' };
}

function describeOptions(command: Command): readonly OptionSpec[] {
  const help = command.createHelp();
  return help.visibleOptions(command).map((option) => {
    const [, valueName = ''] = /[<[]([^<[>\]]+)[>\]]/.exec(option.flags) ?? [];
    return {
      flags: [option.short, option.long].filter((flag) => typeof flag === 'string'),
      term: help.optionTerm(option),
      description: option.description,
      details: help.optionDescription(option),
      value: option.required || option.optional ? valueSpecOf(option, valueName) : undefined,
      valueName,
      group: option.helpGroupHeading ?? 'Options:',
    };
  });
}

/** Names of values say what they are. */
function valueSpecOf({ argChoices }: Option, valueName: string): ValueSpec {
  if (valueName === 'file') return { kind: 'file' };
  if (valueName === 'dir') return { kind: 'folder' };
  const choices = argChoices ?? choicesOfValue(valueName);
  return choices === undefined ? { kind: 'other' } : { kind: 'choices', choices };
}
