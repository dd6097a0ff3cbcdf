import type { Command } from 'commander';
import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { invariant } from '../../../diagnostic/invariant.ts';
import { printChanges } from '../../../lang/iptables/print/print-changes.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { NodeStates } from '../../../model/node-state.ts';
import { MODES } from '../../../modes/index.ts';
import type { RuleSetting } from '../../../modes/mode.ts';
import type { NodeDump } from '../../../modes/node-dump.ts';
import { type DumpInput, readDump } from '../../input/read-dump.ts';
import { say } from '../../output/say.ts';
import type { Terminal } from '../../terminal.ts';

/** Manifests and rules of a node cannot both come from stdin. @throws CommanderError when they should */
export function checkStdin(paths: readonly string[], rules: string | undefined, command: Command): void {
  if (rules !== '-' || !paths.includes('-')) return;
  command.error('error: rules come from stdin, so manifests cannot: name files or folders');
}

interface CurrentRequest {
  readonly path: string;
  readonly setting: RuleSetting;
  readonly family: IPFamily;
}

/** What the node has now (`--current`). A node that nobody has used yet has no rules. */
export function readCurrentRules({ path, setting, family }: CurrentRequest, terminal: Terminal): DumpInput {
  const wanted = { layout: setting.layout, family, states: undefined };
  const read = readDump(path, (source) => MODES[setting.mode].readDump(source, wanted), terminal);
  return { ...read, diagnostics: read.diagnostics.map(withoutRulesIsFine) };
}

function withoutRulesIsFine(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === 'saved-rules-given' ? { ...diagnostic, severity: 'warning' } : diagnostic;
}

/** Text that makes the rules of a node those that are wanted; says so when they are. */
export function changesText(
  dump: NodeDump,
  states: NodeStates,
  { setting, terminal }: { readonly setting: RuleSetting; readonly terminal: Terminal },
): Iterable<string> {
  const { current } = MODES[setting.mode];
  invariant(current.kind === 'changed', 'the mode has no --current');
  const changes = [...states.values()].flatMap((state) => current.changes(dump, state, setting));
  if (changes.length === 0) say(terminal, 'nothing to change: the node has these rules');
  return printChanges(changes);
}
