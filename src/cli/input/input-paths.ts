import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** What to read: the paths given, else stdin when something is piped in. @throws CommanderError when neither */
export function inputPaths(
  paths: readonly string[],
  command: Command,
  terminal: Terminal,
): readonly string[] {
  if (paths.length > 0) return paths;
  if (!terminal.stdinIsTTY) return ['-'];
  return command.error('error: no input: name files or folders, or pipe manifests in');
}
