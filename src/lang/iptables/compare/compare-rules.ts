import { printRule } from '../print/print-rule.ts';
import { chainIndex } from '../read/chain-index.ts';
import type { Chain, Rule, SavedRule, SavedTable, Table } from '../ruleset.ts';
import { compareList, compareOrdered } from './compare-chain.ts';
import type { ChainChange, RuleEdit, TableChange } from './rule-change.ts';
import { type FormatRule, type KeyedRule, type KeyedSavedRule, keyed } from './rule-key.ts';

/** A rule of a chain of others that leads into one of ours. */
export interface WantedJump {
  readonly table: Table['name'];
  readonly from: string;
  readonly rule: Rule;
}

/** The rules that a node should have. */
export interface WantedRules {
  /** Our chains only. */
  readonly tables: Iterable<Table>;
  /** In the order that they have in their chains. */
  readonly jumps: readonly WantedJump[];
  /** Whether a chain that is not wanted is one of ours all the same. */
  readonly isOwnChain: (name: string) => boolean;
  /** Whether the rules of a chain may have any order. */
  readonly isList: (table: string, chain: string) => boolean;
  /** Whether a rule of such a chain has its place behind all others. */
  readonly isLast: (rule: Rule) => boolean;
  /** What a rule of ours counts; undefined: it does not only count. */
  readonly countedBy: (chain: string, rule: Rule) => Counted | undefined;
}

/** A rule that counts packets for another one, and may be there or not: traffic is the same. */
export interface Counted {
  /** The rule as it is without counting. */
  readonly rule: Rule;
  /** Whether it takes that rule's place, or stands before it. */
  readonly place: 'instead' | 'before';
}

/** How the rules of a node differ from those that are wanted: in our chains, and in the jumps that lead there. */
export function compareRules(
  saved: readonly SavedTable[],
  wanted: WantedRules,
  formatRule: FormatRule,
): readonly TableChange[] {
  return Array.from(wanted.tables, (table) => {
    const chains = saved.find(({ name }) => name === table.name)?.chains ?? NO_CHAINS;
    return { name: table.name, chains: [...compareTable({ table, chains, wanted, formatRule })] };
  }).filter(({ chains }) => chains.length > 0);
}

const NO_CHAINS = chainIndex('', 'filter').chains({ start: 0, end: 0, line: 1 });

interface Comparison {
  readonly table: Table;
  /** What the node has. */
  readonly chains: SavedTable['chains'];
  readonly wanted: WantedRules;
  readonly formatRule: FormatRule;
}

function* compareTable(comparison: Comparison): Generator<ChainChange> {
  const { chains, wanted } = comparison;
  const { changes, isWanted, others } = compareOwnChains(comparison);
  const stale = new Set(others.filter(wanted.isOwnChain));
  yield* compareOthers(comparison, others, { isWanted, stale });
  yield* changes;
  for (const name of stale) yield { kind: 'stale', name, rules: [...(chains.get(name)?.rules ?? [])] };
}

interface OwnChains {
  readonly changes: readonly ChainChange[];
  readonly isWanted: (name: string) => boolean;
  /** Chains that the node has beside those that are wanted. */
  readonly others: readonly string[];
}

function compareOwnChains(comparison: Comparison): OwnChains {
  const { table, chains, formatRule } = comparison;
  const checklist = chains.checklist();
  const missing = new Set<string>();
  const changes: ChainChange[] = [];
  const [asSaved, asWritten] = [linePrinter(formatRule), linePrinter(printRule)];
  const compare = ({ name, rules }: Chain) => {
    const built = [...rules];
    // Most chains are the same to the letter, and reading rules takes long. Text that no kernel has seen yet, such as that of
    // "svcgen render", has a digit less of each probability: to read it for that makes the whole run take a third longer.
    const found = checklist.check(name, asSaved(name, built));
    if (found === 'missing') missing.add(name);
    const isSame =
      found === 'same' || (found === 'differs' && checklist.check(name, asWritten(name, built)) === 'same');
    const change = isSame ? undefined : compareOwn(name, built, comparison);
    if (change !== undefined) changes.push(change);
  };
  let filled = 0;
  for (const chain of table.chains) {
    compare(chain);
    filled += 1;
  }
  const isWanted = (name: string) => checklist.hasChecked(name) || missing.has(name);
  for (const name of emptyNames(table, { filled, isWanted, unchecked: checklist.unchecked() }))
    compare({ name, rules: [] });
  return { changes, isWanted, others: checklist.unchecked() };
}

interface Filled extends Pick<OwnChains, 'isWanted'> {
  /** How many chains have rules. */
  readonly filled: number;
  readonly unchecked: readonly string[];
}

/** The chains without rules. The node has nearly always all of them, among few others, and then nobody asks for each name. */
function emptyNames({ chainNames }: Table, { filled, isWanted, unchecked }: Filled): readonly string[] {
  const candidates = new Set(unchecked);
  const names = [...chainNames];
  const empty = names.filter((name) => candidates.has(name));
  return empty.length === names.length - filled ? empty : names.filter((name) => !isWanted(name));
}

function compareOwn(name: string, built: readonly Rule[], comparison: Comparison): ChainChange | undefined {
  const { table, chains, wanted, formatRule } = comparison;
  const chain = chains.get(name);
  if (chain === undefined) return { kind: 'missing', name, rules: built };
  const plain = keyed(built, formatRule);
  const present = keyed(chain.rules, formatRule);
  const own = withCounters(plain, present, comparison, name);
  const isList = wanted.isList(table.name, name);
  const isLast = ({ rule }: KeyedRule) => wanted.isLast(rule);
  const edits = isList ? compareList(present, own, isLast) : compareOrdered(present, own);
  if (edits.length === 0) return undefined;
  const place = isList ? 'list' : 'own';
  return { kind: 'differs', name, place, rules: own.map(({ rule }) => rule), edits };
}

/** The rules that are wanted, with those that the node has for counting: they stay, and are not asked for elsewhere. */
function withCounters(
  wanted: readonly KeyedRule[],
  present: readonly KeyedSavedRule[],
  { wanted: { countedBy }, formatRule }: Comparison,
  chain: string,
): readonly KeyedRule[] {
  const counters = new Map<string, { readonly counter: KeyedRule; readonly place: Counted['place'] }>();
  for (const counter of present) {
    const counted = countedBy(chain, counter.rule);
    if (counted !== undefined) counters.set(formatRule(counted.rule), { counter, place: counted.place });
  }
  if (counters.size === 0) return wanted;
  return wanted.flatMap((each) => {
    const found = counters.get(each.key);
    if (found === undefined) return [each];
    return found.place === 'instead' ? [found.counter] : [found.counter, each];
  });
}

/** The parts of a rule, and their texts. */
interface PrintedRule {
  readonly matches: Rule['matches'];
  readonly matchesText: string;
  readonly action: Rule['action'];
  readonly actionText: string;
}

/** Chains of endpoints are shorter. What is kept for each rule of a long one, V8 would make in its old generation from then on. */
const MOST_ALIKE = 16;

/**
 * Prints the lines of chains, each with a line break before it. Chains of endpoints are alike: what is the same in the rule
 * at this place of a chain before is not printed anew.
 */
function linePrinter(formatRule: FormatRule): (chain: string, rules: Iterable<Rule>) => string {
  const before: PrintedRule[] = [];
  const print = (rule: Rule, last: PrintedRule | undefined): PrintedRule => {
    const { matches, action } = rule;
    return {
      matches,
      matchesText: last?.matches === matches ? last.matchesText : formatRule({ matches }),
      action,
      actionText:
        last !== undefined && last.action === action ? last.actionText : formatRule({ ...rule, matches: [] }),
    };
  };
  return (chain, rules) => {
    const start = `\n-A ${chain}`;
    let lines = '';
    let place = 0;
    for (const rule of rules) {
      const printed = print(rule, before[place]);
      if (place < MOST_ALIKE) before[place++] = printed;
      lines += start + printed.matchesText + printed.actionText;
    }
    return lines;
  };
}

interface OwnNames extends Pick<OwnChains, 'isWanted'> {
  readonly stale: ReadonlySet<string>;
}

/** Chains that are not ours: those of the kernel have jumps into ours, and any may have some into stale ones. */
function* compareOthers(
  comparison: Comparison,
  present: readonly string[],
  own: OwnNames,
): Generator<ChainChange> {
  const { table, chains, wanted, formatRule } = comparison;
  const jumps = wanted.jumps.filter((jump) => jump.table === table.name);
  const others = new Set([...jumps.map(({ from }) => from), ...present]);
  for (const name of others) {
    if (own.isWanted(name) || own.stale.has(name)) continue;
    const rules = jumps.filter(({ from }) => from === name).map(({ rule }) => rule);
    const chain = chains.get(name);
    const isBuiltIn = chain?.policy !== undefined || rules.length > 0;
    if (!isBuiltIn && own.stale.size === 0) continue;
    const isOwn = ({ rule }: KeyedRule) => isOwnJump(rule, own, isBuiltIn);
    const edits = compareJumps({
      present: keyed(chain?.rules ?? NO_RULES, formatRule),
      wanted: keyed(rules, formatRule),
      isOwn,
    });
    if (edits.length > 0) yield { kind: 'differs', name, place: 'others', rules, edits };
  }
}

const NO_RULES: readonly SavedRule[] = [];

/**
 * A chain goes only with all jumps into it, whoever made them. Jumps into chains that stay are ours when they look like
 * those of some version of kube-proxy; with other matches they are somebody's own way in.
 */
function isOwnJump({ action, matches }: Rule, { isWanted, stale }: OwnNames, isBuiltIn: boolean): boolean {
  if (action?.kind !== 'jump' && action?.kind !== 'goto') return false;
  if (stale.has(action.chain)) return true;
  const isPlain = matches.every(({ kind }) => kind === 'comment' || kind === 'ctstate');
  return isBuiltIn && isPlain && isWanted(action.chain);
}

/** What a chain that is not ours has to do with us. */
export interface ChainOfOthers {
  /** All its rules. */
  readonly present: readonly KeyedSavedRule[];
  /** The jumps into ours that are wanted there, in their order. */
  readonly wanted: readonly KeyedRule[];
  /** Jumps of ours: all others stay. */
  readonly isOwn: (rule: KeyedSavedRule) => boolean;
}

/**
 * What gives a chain of others the jumps that are wanted. Those that are there stay where they are; one that is missing
 * goes behind the one that it follows, or to the top.
 */
export function compareJumps({ present, wanted, isOwn }: ChainOfOthers): readonly RuleEdit[] {
  const missing = new Set(wanted.map(({ key }) => key));
  const stays: (KeyedRule | undefined)[] = [];
  const edits: RuleEdit[] = [];
  for (const [index, each] of [...present.entries()].reverse()) {
    if (missing.delete(each.key)) stays.unshift(each);
    else if (isOwn(each)) edits.push({ kind: 'remove', at: index + 1, rule: each.rule });
    else stays.unshift(undefined);
  }
  let place = 0;
  for (const each of wanted) {
    const found = stays.findIndex((other) => other?.key === each.key);
    if (found < 0) {
      stays.splice(place, 0, each);
      edits.push({ kind: 'insert', at: place + 1, rule: each.rule });
    }
    place = found < 0 ? place + 1 : found + 1;
  }
  return edits;
}
