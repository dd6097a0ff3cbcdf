import { printRule } from '../lang/iptables/print/print-rule.ts';
import type { Table } from '../lang/iptables/ruleset.ts';
import { formatSetEntry } from '../lang/ipvs/print.ts';
import type { NftTable } from '../lang/nftables/ruleset.ts';
import type { RulePart, RuleParts } from '../lang/text/rule-parts.ts';
import type { NodeState } from '../model/node-state.ts';
import { buildIPVS } from '../render/ipvs/build.ts';
import { buildTable } from '../render/nftables/render.ts';
import { type RuleSetting, ruleTables } from './rule-tables.ts';

/** What a mode programs for a state, in parts. */
export function ruleParts(state: NodeState, setting: RuleSetting): RuleParts {
  if (setting.mode !== 'nftables') {
    const maps = setting.mode === 'ipvs' ? ipvsParts(state) : [];
    return { chains: tableParts(ruleTables(state, setting, 'tables')), maps };
  }
  if (state.servicePorts.length === 0) return { chains: [], maps: [] };
  const table = buildTable(state, setting.layout);
  return { chains: chainParts(table), maps: mapParts(table) };
}

function* tableParts(tables: readonly Table[]): Generator<RulePart> {
  for (const table of tables) {
    const empty = new Set(table.chainNames);
    for (const { name, rules } of table.chains) {
      empty.delete(name);
      yield { name: `${table.name} ${name}`, lines: Array.from(rules, printRule) };
    }
    for (const name of empty) yield { name: `${table.name} ${name}`, lines: [] };
  }
}

/** The same builder makes both sides, so that equal objects have equal texts. */
function* chainParts({ chains }: NftTable): Generator<RulePart> {
  for (const { name, rules } of chains)
    yield { name, lines: Array.from(rules, (rule) => JSON.stringify(rule)) };
}

function* mapParts({ sets, maps }: NftTable): Generator<RulePart> {
  for (const { name, elements } of [...sets, ...maps]) {
    yield { name, lines: Array.from<object, string>(elements, (element) => JSON.stringify(element)) };
  }
}

function* ipvsParts(state: NodeState): Generator<RulePart> {
  const { sets, virtualServers } = buildIPVS(state);
  for (const { name, entries } of sets) yield { name, lines: entries.map(formatSetEntry) };
  for (const { realServers, ...server } of virtualServers) {
    yield { name: JSON.stringify(server), lines: realServers.map(({ hostPort }) => hostPort) };
  }
}
