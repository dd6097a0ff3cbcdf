import type { Command } from 'commander';
import type { InputFlags } from '../options/input-options.ts';
import type { Terminal } from '../terminal.ts';

/** What to read: the paths given, else stdin when something is piped in. @throws CommanderError when neither */
export function inputPaths(
  paths: readonly string[],
  command: Command,
  terminal: Terminal,
): readonly string[] {
  const { filename = [], built } = command.opts<Pick<InputFlags, 'filename' | 'built'>>();
  const all = [...paths, ...filename];
  if (all.length > 0 || built !== undefined) return all;
  if (!terminal.stdinIsTTY) return ['-'];
  return command.error('error: no input: name files or folders, or pipe manifests in');
}

/** Manifests and rules of a node cannot both come from stdin. @throws CommanderError when they should */
export function checkStdin(paths: readonly string[], rules: string | undefined, command: Command): void {
  if (rules !== '-' || !paths.includes('-')) return;
  command.error('error: rules come from stdin, so manifests cannot: name files or folders');
}
