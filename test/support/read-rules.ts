import { canonicalRule } from '../../src/lang/iptables/canonical-rule.ts';
import { readSavedRules } from '../../src/lang/iptables/read/read-saved-rules.ts';
import type { SavedTable, Table } from '../../src/lang/iptables/ruleset.ts';
import { sourceText } from '../../src/model/source-text.ts';

/** Rules by table and chain: `nat KUBE-SERVICES`. */
export type RulesByChain = ReadonlyMap<string, readonly unknown[]>;

/** What is in the text of `iptables-save`. @throws Error when svcgen can't read it */
export function readRules(text: string): RulesByChain {
  const { tables, diagnostics } = readSavedRules(sourceText('saved', text));
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics, undefined, 1));
  return new Map(tables.flatMap(rulesOfSaved));
}

function rulesOfSaved({ name, chains }: SavedTable): [string, readonly unknown[]][] {
  return [...chains.values()].map((chain) => [
    `${name} ${chain.name}`,
    [...chain.rules].map(({ line, text, ...rule }) => rule),
  ]);
}

/** What builders made, as it comes back from the kernel. */
export function builtRules(tables: readonly Table[]): RulesByChain {
  const rules = new Map<string, readonly unknown[]>();
  for (const table of tables) {
    for (const name of table.chainNames) rules.set(`${table.name} ${name}`, []);
    for (const chain of table.chains)
      rules.set(`${table.name} ${chain.name}`, [...chain.rules].map(canonicalRule));
  }
  return rules;
}
