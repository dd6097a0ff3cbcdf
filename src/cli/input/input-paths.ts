import type { Command } from 'commander';
import type { InputFlags } from '../options/input-options.ts';
import { say } from '../output/say.ts';
import { PROJECT_FILE } from '../project/find-project.ts';
import type { Terminal } from '../terminal.ts';

/**
 * What to read: the paths given, else what a live cluster holds, else the paths of the project file, else what is piped in.
 * @throws CommanderError when there is none of these
 */
export function inputPaths(
  paths: readonly string[],
  command: Command,
  terminal: Terminal,
): readonly string[] {
  const { filename = [], built, live, fromProject, quiet } = command.opts<InputFlags>();
  const all = [...paths, ...filename];
  if (all.length > 0 || built !== undefined) return all;
  if (live === undefined && fromProject?.paths !== undefined) {
    if (terminal.stdinIsPiped && quiet !== true)
      say(terminal, `the paths of ${PROJECT_FILE} are read, and not stdin: for that, name -`);
    return fromProject.paths;
  }
  if (!terminal.stdinIsTTY || live !== undefined) return ['-'];
  return command.error('error: no input: name files or folders, or pipe manifests in');
}

/** What a command takes from a live cluster: all that it reads, or the side of a comparison that nobody named. */
export type ClusterUse = 'input' | 'one-side';

/**
 * Whether `kubectl svcgen` asks the cluster: when nothing is named or piped in that could be read in its place. The
 * rules of a node take the place of manifests, or of one side.
 */
export function wantsLiveCluster(
  command: Command,
  use: ClusterUse | undefined,
  { program, stdinIsPiped }: Terminal,
): boolean {
  type Flags = InputFlags & Record<'rules' | 'explain', unknown>;
  const { filename = [], rules, explain } = command.opts<Flags>();
  if (program !== 'kubectl svcgen' || use === undefined || explain !== undefined) return false;
  const named = command.args.length + filename.length;
  if (use === 'one-side') return named === (rules === undefined ? 1 : 0);
  return named === 0 && rules === undefined && !stdinIsPiped;
}

/** Manifests and rules of a node cannot both come from stdin. @throws CommanderError when they should */
export function checkStdin(paths: readonly string[], rules: string | undefined, command: Command): void {
  const { live } = command.opts<Pick<InputFlags, 'live'>>();
  if (rules !== '-' || !paths.includes('-') || live !== undefined) return;
  command.error('error: rules come from stdin, so manifests cannot: name files or folders');
}
