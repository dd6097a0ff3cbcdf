import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import { checkTables } from '../../../lang/iptables/read/check-saved-rules.ts';
import { checkIPVSParts } from '../../../lang/ipvs/read/read-saved-ipvs.ts';
import { NOTHING_SAVED } from '../../../lang/ipvs/ruleset.ts';
import { checkRuleset } from '../../../lang/nftables/read/check-ruleset.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { NodeStates } from '../../../modes/artifacts.ts';
import type { RuleSetting } from '../../../modes/rule-tables.ts';
import { type NodeDump, readIPVSNode, readListedRules, readNodeRules } from '../../input/read-node-rules.ts';
import type { Terminal } from '../../terminal.ts';

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
  if (mode === 'iptables') {
    const { tables, diagnostics } = readNodeRules(path, family, terminal);
    const checked = [...diagnostics, ...checkTables(tables)];
    return { kind: 'saved', tables, ipvs: NOTHING_SAVED, diagnostics: checked };
  }
  if (mode === 'ipvs') {
    const { tables, ipvs, diagnostics } = readIPVSNode(path, family, terminal);
    const checked = hasErrors(diagnostics) ? [] : [...checkTables(tables), ...checkIPVSParts(ipvs, tables)];
    return { kind: 'saved', tables, ipvs, diagnostics: [...diagnostics, ...checked] };
  }
  const { ruleset, diagnostics } = readListedRules(path, terminal);
  const checked: readonly Diagnostic[] = hasErrors(diagnostics)
    ? []
    : checkRuleset(ruleset, { states: [...(states?.values() ?? [])], layout });
  return { kind: 'listed', ruleset, diagnostics: [...diagnostics, ...checked] };
}
