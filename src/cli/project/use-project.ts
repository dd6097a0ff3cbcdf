import { type Command, CommanderError } from 'commander';
import { conclude } from '../../library/conclude.ts';
import type { InputFlags } from '../options/input-options.ts';
import { report } from '../output/report.ts';
import { say } from '../output/say.ts';
import type { Terminal } from '../terminal.ts';
import { findProject, PROJECT_FILE } from './find-project.ts';
import type { Project } from './project.ts';

/** What ends a command whose project file is wrong, after that was said. */
export const PROJECT_INVALID = 'svcgen.projectInvalid';

/**
 * Gives a command the options that the project file sets and its command line does not: commands read all of their options the
 * same way, wherever these come from. `--no-project` leaves the file out.
 * @throws CommanderError PROJECT_INVALID when something is wrong with the file
 */
export async function useProject(command: Command, terminal: Terminal): Promise<void> {
  const flags = command.opts<InputFlags>();
  const found = flags.project === true ? findProject(workingFolder()) : undefined;
  if (found === undefined) return;
  if (found.danger !== undefined) {
    say(
      terminal,
      `warning: ${JSON.stringify(found.path)} does not count: ${found.danger}; --no-project says that you know`,
    );
    return;
  }
  const { readProject } = await import('./read-project.ts');
  const { project, diagnostics } = readProject(found.path);
  await report(conclude({}, [{ diagnostics }]).diagnostics, flags, terminal);
  if (project === undefined) throw new CommanderError(1, PROJECT_INVALID, 'the project file is wrong');
  const names = applyProject(project, command);
  if (names.length === 0 || flags.quiet === true) return;
  say(terminal, `${PROJECT_FILE} sets ${names.join(', ')} (--no-project leaves it out, svcgen config tells)`);
}

/** A folder that has been deleted is in no project. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

/** @returns names of the fields that count for this command */
function applyProject(project: Project, command: Command): readonly string[] {
  command.setOptionValue('fromProject', project);
  return project.settings.flatMap(({ field: { name, flag }, value }) => {
    if (flag === undefined) return takesPaths(command) ? [name] : [];
    const key = command.options.find(({ long }) => long === flag)?.attributeName();
    if (key === undefined || command.getOptionValueSource(key) === 'cli') return [];
    command.setOptionValueWithSource(key, value, 'config');
    return [name];
  });
}

/** The command line names no paths, nor anything in their place. */
function takesPaths(command: Command): boolean {
  const { filename = [], built } = command.opts<InputFlags>();
  const isReader = command.registeredArguments.some((argument) => argument.name() === 'paths');
  return isReader && command.args.length + filename.length === 0 && built === undefined;
}
