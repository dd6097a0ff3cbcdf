import type { Host } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import type { BaseChain, Firewall, Hook, TracedChain } from '../../packet/rules.ts';
import { KERNEL_TABLES } from '../kernel-tables.ts';
import type { Rule, Table, TableName } from '../ruleset.ts';
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
    rank: isNat ? KERNEL_TABLES[name].priority : 0,
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

/** Chains with fewer rules are looked through as they are. */
const WORTH_AN_INDEX = 16;

/** Rules by the one address that they ask for: chains can hold one for each Service. */
interface RuleIndex<T> {
  /** In their order; those for other addresses are left out. */
  readonly rulesFor: (packet: Packet) => Iterable<T>;
}

interface Numbered<T> {
  readonly place: number;
  readonly item: T;
}

/** Items in the order of their rules, found by the packets that they may match. */
function indexRules<T>(items: readonly T[], ruleOf: (item: T) => Rule): RuleIndex<T> {
  if (items.length < WORTH_AN_INDEX) return { rulesFor: () => items };
  const byDestination = new Map<string, Numbered<T>[]>();
  const bySource = new Map<string, Numbered<T>[]>();
  const others: Numbered<T>[] = [];
  for (const [place, item] of items.entries()) {
    const destination = onlyAddress(ruleOf(item), 'destination');
    const source = destination === undefined ? onlyAddress(ruleOf(item), 'source') : undefined;
    const numbered = { place, item };
    if (destination !== undefined) append(byDestination, destination, numbered);
    else if (source !== undefined) append(bySource, source, numbered);
    else others.push(numbered);
  }
  return {
    rulesFor: (packet) => {
      const lists = [byDestination.get(packet.destination) ?? [], bySource.get(packet.source) ?? [], others];
      return inOrder(lists.filter((list) => list.length > 0));
    },
  };
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** The address of `10.0.0.1/32`, where a rule asks for that. */
function onlyAddress({ matches }: Rule, kind: 'source' | 'destination'): string | undefined {
  for (const match of matches) {
    if (match.kind !== kind || match.negated === true) continue;
    const [ip, length] = match.cidr.split('/');
    if (length === (match.cidr.includes(':') ? '128' : '32')) return ip;
  }
  return undefined;
}

/** Merges sorted lists, item by item: few callers want all. */
function* inOrder<T>(lists: readonly (readonly Numbered<T>[])[]): Generator<T> {
  const places = lists.map(() => 0);
  for (;;) {
    let first: Numbered<T> | undefined;
    let from = -1;
    for (const [index, list] of lists.entries()) {
      const candidate = list[places[index] ?? 0];
      if (candidate === undefined || (first !== undefined && first.place < candidate.place)) continue;
      first = candidate;
      from = index;
    }
    if (first === undefined) return;
    places[from] = (places[from] ?? 0) + 1;
    yield first.item;
  }
}

/** A table that builders have made: its chains are looked up once, their rules are made when somebody asks. */
export function builtTable({ name, chainNames, chains }: Table): RuleTable {
  const found = new Map<string, RuleChain>(chainNames.map((chain) => [chain, { rules: [] }]));
  for (const { name: chain, rules } of chains) found.set(chain, { rules });
  return { name, chains: found };
}
