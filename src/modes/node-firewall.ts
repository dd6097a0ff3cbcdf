import { printRule } from '../lang/iptables/print/print-rule.ts';
import type { Rule } from '../lang/iptables/ruleset.ts';
import { builtTable, iptablesFirewall } from '../lang/iptables/walk/firewall.ts';
import { FAMILIES, printRule as printNftRule } from '../lang/nftables/print/print-expressions.ts';
import { ruleTable } from '../lang/nftables/read/rule-table.ts';
import type { ListedRuleset } from '../lang/nftables/ruleset.ts';
import { nftablesFirewall } from '../lang/nftables/walk/firewall.ts';
import type { Host } from '../lang/packet/host.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import type { IPFamily } from '../model/cluster.ts';
import type { NodeState } from '../model/node-state.ts';
import { buildIPVS } from '../render/ipvs/build.ts';
import { buildTable } from '../render/nftables/render.ts';
import { type RuleSetting, ruleTables } from './rule-tables.ts';

/** The rules that a mode programs for a state, as packets meet them. Rules are made when the first packet comes. */
export function nodeFirewall(state: NodeState, setting: RuleSetting, host: Host): Firewall {
  if (setting.mode === 'nftables') {
    const family = FAMILIES[state.family];
    return nftablesFirewall(buildTable(state, setting.layout), host, (rule) => printNftRule(rule, family));
  }
  return iptablesFirewall(ruleTables(state, setting, 'tables').map(builtTable), host, printIptablesRule);
}

/** The rules of nftables that a node has for a family, as packets meet them. */
export function listedFirewall({ tables }: ListedRuleset, wanted: IPFamily, host: Host): Firewall {
  const table = tables.find(({ family }) => family === wanted);
  if (table === undefined) return { baseChains: () => [] };
  return nftablesFirewall(ruleTable(table), host, (rule) => printNftRule(rule, FAMILIES[wanted]));
}

/** What rules of a mode can ask of a node that has these addresses. */
export function nodeHost(state: NodeState, { mode }: RuleSetting, nodeIPs: readonly string[]): Host {
  if (mode !== 'ipvs') return { localAddresses: new Set(nodeIPs), sets: new Map(), virtualServers: [] };
  const { addresses, sets, virtualServers } = buildIPVS(state);
  return {
    localAddresses: new Set([...nodeIPs, ...addresses]),
    sets: new Map(sets.map((set) => [set.name, set])),
    virtualServers,
  };
}

/** A rule as `iptables-save` prints it. */
export function printIptablesRule(chain: string, rule: Rule): string {
  return `-A ${chain}${printRule(rule)}`;
}
