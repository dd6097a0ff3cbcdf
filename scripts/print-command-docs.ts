import type { Command } from 'commander';
import type { OptionSpec } from '../src/cli/commands/completion/describe-program.ts';
import { loadProgram } from '../src/cli/program.ts';
import { describeCommands, NO_TERMINAL, trailingHelp } from './print-man-page.ts';

const INTRODUCTION = `# Commands

What \`svcgen help COMMAND\` says, of all commands. Every option of a command is here; those of the groups Input and
Diagnostics are the same everywhere.`;

/** docs/commands.md of the site: the help of the program itself, so that it is never out of date. */
export async function printCommandDocs(): Promise<string> {
  const program = await loadProgram(NO_TERMINAL);
  const commands = (await describeCommands()).commands.filter(({ name }) => name !== 'help');
  const sections = commands.flatMap(({ name, options }) => {
    const command = program.commands.find((each) => each.name() === name);
    return command === undefined ? [] : [commandSection(command, options)];
  });
  const rows = commands.map(
    ({ name, summary }) => `| [\`svcgen ${name}\`](#svcgen-${name}) | ${escapeCell(summary)} |`,
  );
  return `${[INTRODUCTION, `| command | |\n| --- | --- |\n${rows.join('\n')}`, ...sections].join('\n\n')}\n`;
}

function commandSection(command: Command, options: readonly OptionSpec[]): string {
  const groups = [...new Set(options.map(({ group }) => group))];
  const tables = groups.map((group) => {
    const rows = options
      .filter((option) => option.group === group)
      .map(({ term, details }) => `| \`${term.replaceAll('|', '\\|')}\` | ${escapeCell(details)} |`);
    return `**${group.replace(/:$/, '')}**\n\n| option | |\n| --- | --- |\n${rows.join('\n')}`;
  });
  return [
    `## svcgen ${command.name()}`,
    escapeText(command.description()),
    `\`\`\`text\nsvcgen ${command.name()} ${command.usage()}\n\`\`\``,
    ...tables,
    `\`\`\`text\n${trailingHelp(command)}\n\`\`\``,
  ].join('\n\n');
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]]/g, '\\$&');
}

function escapeCell(text: string): string {
  return escapeText(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
}
