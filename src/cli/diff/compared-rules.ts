import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import type { IPFamily } from '../../model/cluster.ts';
import type { NodeStates } from '../../render/artifacts.ts';
import type { RuleSetting } from '../../render/rule-tables.ts';
import { checkRuleset } from '../../trace/nft-ruleset/check-ruleset.ts';
import { checkTables } from '../../trace/saved-rules/check-tables.ts';
import { type NodeDump, readListedRules, readNodeRules } from '../input/read-node-rules.ts';
import type { Terminal } from '../terminal.ts';

interface Comparison {
  readonly setting: RuleSetting;
  /** undefined: nobody knows what is wanted. */
  readonly states: NodeStates | undefined;
  readonly families: readonly IPFamily[];
}

/** Reads the rules of a node in the language of the mode that they are compared with. */
export function readComparedRules(
  path: string,
  { setting: { mode, layout }, states, families: [family = 'IPv4'] }: Comparison,
  terminal: Pick<Terminal, 'readStdin'>,
): NodeDump {
  if (mode !== 'nftables') {
    const { tables, diagnostics } = readNodeRules(path, family, terminal);
    return { kind: 'saved', tables, diagnostics: [...diagnostics, ...checkTables(tables)] };
  }
  const { ruleset, diagnostics } = readListedRules(path, terminal);
  const checked: readonly Diagnostic[] = hasErrors(diagnostics)
    ? []
    : checkRuleset(ruleset, { states: [...(states?.values() ?? [])], layout });
  return { kind: 'listed', ruleset, diagnostics: [...diagnostics, ...checked] };
}
