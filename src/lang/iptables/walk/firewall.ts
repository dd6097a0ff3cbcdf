import type { Host } from '../../packet/host.ts';
import type { BaseChain, Firewall, Hook, TracedChain, TracedRule } from '../../packet/rules.ts';
import { KERNEL_TABLES } from '../kernel-tables.ts';
import type { IptablesVariant, Rule, Table, TableName } from '../ruleset.ts';
import { destinationClasses, onlyAddress } from './destination-classes.ts';
import { type PlacedRule, tracedRule } from './traced-rule.ts';

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

/** Rules of a chain, which are made once; undefined: there is no such chain. */
type RulesOf = (chain: string) => readonly RuleInChain[] | undefined;

function ruleFinder({ chains }: RuleTable): RulesOf {
  const made = new Map<string, readonly RuleInChain[]>();
  return (name) => {
    const chain = chains.get(name);
    if (chain === undefined) return undefined;
    const rules = made.get(name) ?? [...chain.rules];
    made.set(name, rules);
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
    classOf: destinationClasses(hook, (chain) => rulesOf(chain) ?? [], host),
  };
}

interface Walking {
  readonly host: Host;
  readonly print: PrintRule;
}

function chainFinder(table: string, rulesOf: RulesOf, { host, print }: Walking): BaseChain['find'] {
  const found = new Map<string, TracedChain>();
  return (name) => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const rules = rulesOf(name);
    if (rules === undefined) return undefined;
    const traced = indexRules(
      rules,
      rules.map((rule) => tracedRule(placedAt({ table, chain: name }, rule, print), host)),
    );
    const isRead = rules[0]?.line !== undefined;
    const chain = isRead ? { ...traced, readRules: rules.length } : traced;
    found.set(name, chain);
    return chain;
  };
}

function placedAt(
  { table, chain }: Pick<PlacedRule, 'table' | 'chain'>,
  rule: RuleInChain,
  print: PrintRule,
): PlacedRule {
  const text = () => rule.text ?? print(chain, rule);
  const { line } = rule;
  return line === undefined ? { table, chain, rule, text } : { table, chain, rule, line, text };
}

/** Chains with fewer rules are looked through as they are. */
const WORTH_AN_INDEX = 16;

/** Some rules of a chain in their order, and which of them all they are. */
interface Numbered {
  readonly places: number[];
  readonly rules: TracedRule[];
}

const NO_RULES: Numbered = { places: [], rules: [] };

/** Rules by the one address that they ask for, since chains can hold one for each Service: those for others are left out. */
function indexRules(rules: readonly Rule[], traced: readonly TracedRule[]): TracedChain {
  if (traced.length < WORTH_AN_INDEX) return { rulesFor: () => traced };
  const byDestination = new Map<string, Numbered>();
  const bySource = new Map<string, Numbered>();
  const others: Numbered = { places: [], rules: [] };
  for (const [place, each] of traced.entries()) {
    const rule = rules[place];
    const destination = rule === undefined ? undefined : onlyAddress(rule, 'destination');
    const source = rule === undefined || destination !== undefined ? undefined : onlyAddress(rule, 'source');
    const list =
      destination !== undefined
        ? listAt(byDestination, destination)
        : source !== undefined
          ? listAt(bySource, source)
          : others;
    list.places.push(place);
    list.rules.push(each);
  }
  return {
    rulesFor: (packet) => {
      const found = byDestination.get(packet.destination) ?? NO_RULES;
      return inOrder([found, bySource.get(packet.source) ?? NO_RULES, others]);
    },
  };
}

function listAt(lists: Map<string, Numbered>, key: string): Numbered {
  const list = lists.get(key) ?? { places: [], rules: [] };
  lists.set(key, list);
  return list;
}

function inOrder(lists: readonly Numbered[]): Iterable<TracedRule> {
  const [first, second] = lists.filter(({ rules }) => rules.length > 0);
  if (first === undefined) return [];
  return second === undefined ? first.rules : merged(lists);
}

/** Rule by rule: few callers want all. */
function* merged(lists: readonly Numbered[]): Generator<TracedRule> {
  const next = lists.map(() => 0);
  for (;;) {
    let first: TracedRule | undefined;
    let place = Number.POSITIVE_INFINITY;
    let from = -1;
    for (const [index, { places, rules }] of lists.entries()) {
      const at = next[index] ?? 0;
      const candidate = places[at];
      if (candidate === undefined || candidate > place) continue;
      [first, place, from] = [rules[at], candidate, index];
    }
    if (first === undefined) return;
    next[from] = (next[from] ?? 0) + 1;
    yield first;
  }
}

/** A table that builders have made: its chains are looked up once, their rules are made when somebody asks. */
export function builtTable({ name, chainNames, chains }: Table): RuleTable {
  const found = new Map<string, RuleChain>(chainNames.map((chain) => [chain, { rules: [] }]));
  for (const { name: chain, rules } of chains) found.set(chain, { rules });
  return { name, chains: found };
}
