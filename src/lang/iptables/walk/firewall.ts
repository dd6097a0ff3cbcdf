import type { Host } from '../../packet/host.ts';
import type { BaseChain, Firewall, Hook } from '../../packet/rules.ts';
import { KERNEL_TABLES } from '../kernel-tables.ts';
import type { IptablesVariant, Table, TableName, UnreadRules } from '../ruleset.ts';
import { destinationClasses } from './destination-classes.ts';
import { madeRules } from './only-address.ts';
import { chainFinder, type PrintRule, type RuleInChain, type RulesOf } from './traced-chain.ts';

/** A table whose chains can be looked up: what was read from a node is one. */
export interface RuleTable {
  readonly name: TableName;
  /** Of two tables with this name, which one it is. */
  readonly variant?: IptablesVariant;
  readonly chains: ReadonlyMap<string, RuleChain>;
}

export interface RuleChain {
  readonly policy?: 'ACCEPT' | 'DROP' | undefined;
  readonly rules: Iterable<RuleInChain>;
  /** The same where they stand in a text; left out: they were made. */
  readonly unread?: () => UnreadRules<RuleInChain>;
}

/** Where sources are translated. */
const SOURCE_PRIORITY = 100;

/** The tables of iptables as packets meet them. Chains are read when the first packet comes. */
export function iptablesFirewall(tables: readonly RuleTable[], host: Host, print: PrintRule): Firewall {
  const bases = tables.flatMap((table) => {
    const rulesOf = ruleFinder(table);
    const find = chainFinder(titleOf(table), rulesOf, { host, print });
    return hooksOf(table.name)
      .filter((hook) => table.chains.has(hook))
      .map((hook) => ({ hook, base: baseChain(table, hook, { find, rulesOf, host }) }));
  });
  return { baseChains: (wanted) => bases.filter(({ hook }) => hook === wanted).map(({ base }) => base) };
}

/** `legacy nat`, where there are two; else the name alone. */
function titleOf({ name, variant }: RuleTable): string {
  return variant === undefined ? name : `${variant} ${name}`;
}

function hooksOf(table: TableName): readonly Hook[] {
  return KERNEL_TABLES[table].chains;
}

/** Rules of a chain are made, or found in their text, once. */
function ruleFinder({ chains }: RuleTable): RulesOf {
  const found = new Map<string, UnreadRules<RuleInChain>>();
  return (name) => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const chain = chains.get(name);
    if (chain === undefined) return undefined;
    const rules = chain.unread?.() ?? madeRules([...chain.rules]);
    found.set(name, rules);
    return rules;
  };
}

interface Surroundings {
  readonly find: BaseChain['find'];
  readonly rulesOf: RulesOf;
  readonly host: Host;
}

function baseChain(table: RuleTable, hook: Hook, { find, rulesOf, host }: Surroundings): BaseChain {
  const { name, chains } = table;
  const isNat = name === 'nat';
  const translatesSource = isNat && (hook === 'INPUT' || hook === 'POSTROUTING');
  return {
    table: titleOf(table),
    name: hook,
    priority: translatesSource ? SOURCE_PRIORITY : KERNEL_TABLES[name].priority,
    rank: isNat ? KERNEL_TABLES[name].priority : 0,
    isNat,
    policy: chains.get(hook)?.policy === 'DROP' ? 'drop' : 'accept',
    find,
    classOf: destinationClasses(hook, rulesOf, host),
  };
}

/** A table that builders have made: its chains are looked up once, their rules are made when somebody asks. */
export function builtTable({ name, chainNames, chains }: Table): RuleTable {
  const found = new Map<string, RuleChain>(Array.from(chainNames, (chain) => [chain, { rules: [] }]));
  for (const { name: chain, rules } of chains) found.set(chain, { rules });
  return { name, chains: found };
}
