import type { Host } from '../../packet/host.ts';
import type { BaseChain, Firewall, Hook, TracedChain } from '../../packet/rules.ts';
import { KERNEL_TABLES } from '../kernel-tables.ts';
import type { Rule, TableName } from '../ruleset.ts';
import { indexRules } from './candidates.ts';
import { type PlacedRule, tracedRule } from './traced-rule.ts';

/** A table whose chains can be looked up: what was read from a node is one. */
export interface RuleTable {
  readonly name: TableName;
  readonly chains: ReadonlyMap<string, RuleChain>;
}

export interface RuleChain {
  readonly policy?: 'ACCEPT' | 'DROP' | undefined;
  readonly rules: Iterable<RuleInChain>;
}

interface RuleInChain extends Rule {
  readonly line?: number;
  readonly text?: string;
}

/** How rules that were not read from text are spelled. */
export type PrintRule = (chain: string, rule: Rule) => string;

/** Where sources are translated. */
const SOURCE_PRIORITY = 100;

/** The tables of iptables as packets meet them. Chains are read when the first packet comes. */
export function iptablesFirewall(tables: readonly RuleTable[], host: Host, print: PrintRule): Firewall {
  const bases = tables.flatMap((table) => {
    const find = chainFinder(table, host, print);
    return hooksOf(table.name)
      .filter((hook) => table.chains.has(hook))
      .map((hook) => ({ hook, base: baseChain(table, hook, find) }));
  });
  return { baseChains: (wanted) => bases.filter(({ hook }) => hook === wanted).map(({ base }) => base) };
}

function hooksOf(table: TableName): readonly Hook[] {
  return KERNEL_TABLES[table].chains;
}

function baseChain({ name, chains }: RuleTable, hook: Hook, find: BaseChain['find']): BaseChain {
  const isNat = name === 'nat';
  const translatesSource = isNat && (hook === 'INPUT' || hook === 'POSTROUTING');
  return {
    table: name,
    name: hook,
    priority: translatesSource ? SOURCE_PRIORITY : KERNEL_TABLES[name].priority,
    isNat,
    policy: chains.get(hook)?.policy === 'DROP' ? 'drop' : 'accept',
    find,
  };
}

function chainFinder({ name: table, chains }: RuleTable, host: Host, print: PrintRule): BaseChain['find'] {
  const found = new Map<string, TracedChain>();
  return (name) => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const chain = chains.get(name);
    if (chain === undefined) return undefined;
    const traced = tracedChain({ table, name, chain }, host, print);
    found.set(name, traced);
    return traced;
  };
}

interface NamedChain {
  readonly table: string;
  readonly name: string;
  readonly chain: RuleChain;
}

function tracedChain({ table, name, chain }: NamedChain, host: Host, print: PrintRule): TracedChain {
  const placed = [...chain.rules].map((rule): PlacedRule & { readonly rule: Rule } => ({
    table,
    chain: name,
    rule,
    ...(rule.line === undefined ? {} : { line: rule.line }),
    text: () => rule.text ?? print(name, rule),
  }));
  const rules = placed.map((each) => ({ rule: each.rule, traced: tracedRule(each, host) }));
  const index = indexRules(rules, ({ rule }) => rule);
  return {
    *rulesFor(packet) {
      for (const { traced } of index.rulesFor(packet)) yield traced;
    },
  };
}
