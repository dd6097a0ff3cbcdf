import { invariant } from '../diagnostic/invariant.ts';
import { canonicalRule } from '../lang/iptables/canonical-rule.ts';
import { compareRules, type WantedRules } from '../lang/iptables/compare/compare-rules.ts';
import { type ChainDrift, tableDrift } from '../lang/iptables/compare/drift.ts';
import type { TableChange } from '../lang/iptables/compare/rule-change.ts';
import { describeRule, printRule } from '../lang/iptables/print/print-rule.ts';
import type { Rule, SavedTable, Table } from '../lang/iptables/ruleset.ts';
import { builtTable, iptablesFirewall } from '../lang/iptables/walk/firewall.ts';
import type { Host } from '../lang/packet/host.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import type { RulePart } from '../lang/text/rule-parts.ts';
import type { IPFamily } from '../model/cluster.ts';
import type { NodeState, NodeStates } from '../model/node-state.ts';
import { chainPurposes } from '../render/iptables/purposes.ts';
import type { Jump } from '../render/netfilter/restore-form.ts';
import { isNamed, OWN_CHAINS } from '../render/own-chains.ts';
import type { ScriptJump } from '../render/script/jumps-text.ts';

/** What modes have in common that program rules of iptables. */

/** Built tables, as packets meet them. */
export function builtFirewall(tables: readonly Table[], host: Host): Firewall {
  return iptablesFirewall(tables.map(builtTable), host, printIptablesRule);
}

/** A rule as `iptables-save` prints it. */
export function printIptablesRule(chain: string, rule: Rule): string {
  return `-A ${chain}${printRule(rule)}`;
}

/** Jumps as scripts know them. */
export function spellJumps(jumps: readonly Jump[]): readonly ScriptJump[] {
  return jumps.map(({ table, from, rule }) => ({ table, from, rule: printRule(rule) }));
}

/** Built tables, chain by chain. */
export function* tableParts(tables: readonly Table[]): Generator<RulePart> {
  for (const table of tables) {
    const empty = new Set(table.chainNames);
    for (const { name, rules } of table.chains) {
      empty.delete(name);
      yield { name: `${table.name} ${name}`, lines: Array.from(rules, printRule) };
    }
    for (const name of empty) yield { name: `${table.name} ${name}`, lines: [] };
  }
}

/** Whether a chain is ours, in some mode or layout. */
export function isOwnChain(name: string): boolean {
  return isNamed(name, OWN_CHAINS);
}

/** What has to change in the rules of a node: in our chains, and in the jumps that lead there. */
export function iptablesChanges(saved: readonly SavedTable[], wanted: WantedRules): readonly TableChange[] {
  return compareRules(saved, wanted, formatAsSaved);
}

/** The same in words. */
export function iptablesDrift(
  saved: readonly SavedTable[],
  wanted: WantedRules,
  state: NodeState,
): readonly ChainDrift[] {
  const purposeOf = chainPurposes(state);
  return tableDrift(iptablesChanges(saved, wanted), {
    purposeOf: (table, chain) =>
      chain.kind === 'differs' && chain.place === 'others'
        ? { role: 'leads into our chains' }
        : purposeOf({ table, name: chain.name, rules: chain.rules }),
    formatRule: formatAsSaved,
  });
}

/** As the kernel gives a rule back. */
function formatAsSaved(rule: Rule): string {
  return describeRule(canonicalRule(rule));
}

/** The state of a family that an artifact needs. */
export function stateOf(family: IPFamily, states: NodeStates): NodeState {
  const state = states.get(family);
  invariant(state !== undefined, `the state of ${family} was not resolved`);
  return state;
}
