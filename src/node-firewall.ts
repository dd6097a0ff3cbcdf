import type { IPFamily } from './model/cluster.ts';
import type { ListedRuleset } from './model/nftables.ts';
import type { NodeState } from './model/node-state.ts';
import type { Rule } from './model/ruleset.ts';
import { buildIPVS } from './render/ipvs/build.ts';
import { FAMILIES, printRule as printNftRule } from './render/nftables/print-expressions.ts';
import { buildTable } from './render/nftables/render.ts';
import { printRule } from './render/restore/print-rule.ts';
import { type RuleSetting, ruleTables } from './render/rule-tables.ts';
import { builtTable } from './trace/iptables/built-table.ts';
import { iptablesFirewall } from './trace/iptables/firewall.ts';
import { ruleTable } from './trace/nft-ruleset/rule-table.ts';
import { nftablesFirewall } from './trace/nftables/firewall.ts';
import type { Host } from './trace/walk/host.ts';
import type { Firewall } from './trace/walk/rules.ts';

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
