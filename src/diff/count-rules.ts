import type { Rule, Table } from '../model/ruleset.ts';

/** How much of a ruleset a change touches. */
export interface RuleCounts {
  readonly chains: { readonly added: number; readonly removed: number; readonly changed: number };
  readonly rules: { readonly added: number; readonly removed: number };
}

/** What a rule is written as: rules are the same when their texts are. */
export type FormatRule = (rule: Rule) => string;

interface Counting {
  added: number;
  removed: number;
  changed: number;
  rulesAdded: number;
  rulesRemoved: number;
}

/** Compares rulesets chain by chain. A rule that is moved within its chain is not counted, but its chain is. */
export function countRules(
  before: Iterable<Table>,
  after: Iterable<Table>,
  formatRule: FormatRule,
): RuleCounts {
  const old = readChains(before, formatRule);
  const counting: Counting = { added: 0, removed: 0, changed: 0, rulesAdded: 0, rulesRemoved: 0 };
  for (const [name, rules] of readChains(after, formatRule)) {
    const previous = old.get(name);
    old.delete(name);
    if (previous === undefined) {
      counting.added += 1;
      counting.rulesAdded += rules.length;
    } else if (!isSameList(previous, rules)) addChanged(counting, previous, rules);
  }
  for (const rules of old.values()) {
    counting.removed += 1;
    counting.rulesRemoved += rules.length;
  }
  const { added, removed, changed, rulesAdded, rulesRemoved } = counting;
  return {
    chains: { added, removed, changed },
    rules: { added: rulesAdded, removed: rulesRemoved },
  };
}

/** The sum of what happens to several rulesets. */
export function sumRuleCounts(all: readonly RuleCounts[]): RuleCounts {
  const sum = (pick: (counts: RuleCounts) => number) =>
    all.reduce((total, counts) => total + pick(counts), 0);
  return {
    chains: {
      added: sum(({ chains }) => chains.added),
      removed: sum(({ chains }) => chains.removed),
      changed: sum(({ chains }) => chains.changed),
    },
    rules: { added: sum(({ rules }) => rules.added), removed: sum(({ rules }) => rules.removed) },
  };
}

/** Whether a change touches no rule at all. */
export function touchesNothing({ chains, rules }: RuleCounts): boolean {
  return chains.added + chains.removed + chains.changed + rules.added + rules.removed === 0;
}

function readChains(tables: Iterable<Table>, formatRule: FormatRule): Map<string, readonly string[]> {
  const chains = new Map<string, readonly string[]>();
  for (const table of tables) {
    for (const name of table.chainNames) chains.set(`${table.name} ${name}`, []);
    for (const { name, rules } of table.chains) {
      chains.set(`${table.name} ${name}`, Array.from(rules, formatRule));
    }
  }
  return chains;
}

function addChanged(counting: Counting, before: readonly string[], after: readonly string[]): void {
  counting.changed += 1;
  const left = new Map<string, number>();
  for (const rule of before) left.set(rule, (left.get(rule) ?? 0) + 1);
  for (const rule of after) {
    const count = left.get(rule) ?? 0;
    if (count === 0) counting.rulesAdded += 1;
    else left.set(rule, count - 1);
  }
  for (const count of left.values()) counting.rulesRemoved += count;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
