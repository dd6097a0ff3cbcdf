import type { Command } from 'commander';
import { compareWithNode } from '../../../compare/compare.ts';
import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { printChanges } from '../../../lang/iptables/print/print-changes.ts';
import { checkTables } from '../../../lang/iptables/read/check-saved-rules.ts';
import type { SavedRules } from '../../../lang/iptables/read/read-saved-rules.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { NodeStates } from '../../../modes/artifacts.ts';
import type { RuleSetting } from '../../../modes/rule-tables.ts';
import { readNodeRules } from '../../input/read-node-rules.ts';
import type { Terminal } from '../../terminal.ts';

/** Manifests and rules of a node cannot both come from stdin. @throws CommanderError when they should */
export function checkStdin(paths: readonly string[], rules: string | undefined, command: Command): void {
  if (rules !== '-' || !paths.includes('-')) return;
  command.error('error: rules come from stdin, so manifests cannot: name files or folders');
}

/** What the node has now (`--current`). A node that nobody has used yet has no rules. */
export function readCurrentRules(path: string, family: IPFamily, terminal: Terminal): SavedRules {
  const { tables, diagnostics } = readNodeRules(path, family, terminal);
  return { tables, diagnostics: [...diagnostics.map(withoutRulesIsFine), ...checkTables(tables)] };
}

function withoutRulesIsFine(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === 'saved-rules-given' ? { ...diagnostic, severity: 'warning' } : diagnostic;
}

/** Text that makes the rules of a node those that are wanted; says so when they are. */
export function changesText(
  { tables }: SavedRules,
  states: NodeStates,
  { setting, terminal }: { readonly setting: RuleSetting; readonly terminal: Terminal },
): Iterable<string> {
  const changes = [...states.values()].flatMap((state) => compareWithNode(tables, state, setting));
  if (changes.length === 0) terminal.writeStderr('nothing to change: the node has these rules\n');
  return printChanges(changes);
}
