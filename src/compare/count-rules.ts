import type { RulePart, RuleParts } from '../lang/text/rule-parts.ts';

/** How much of a ruleset a change touches. */
export interface RuleCounts {
  readonly chains: { readonly added: number; readonly removed: number; readonly changed: number };
  readonly rules: Exchanged;
  /** Of sets and maps, and what virtual servers have. */
  readonly elements: Exchanged;
}

export type Exchanged = Readonly<Record<'added' | 'removed', number>>;

/** Compares rulesets part by part. A rule that is moved within its chain is not counted, but its chain is. */
export function countRules(before: RuleParts, after: RuleParts): RuleCounts {
  const inChains = countParts(before.chains, after.chains);
  const inMaps = countParts(before.maps, after.maps);
  return { chains: inChains.parts, rules: inChains.lines, elements: inMaps.lines };
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
    elements: {
      added: sum(({ elements }) => elements.added),
      removed: sum(({ elements }) => elements.removed),
    },
  };
}

/** Whether a change touches no rule at all. */
export function touchesNothing({ chains, elements }: RuleCounts): boolean {
  return chains.added + chains.removed + chains.changed + elements.added + elements.removed === 0;
}

interface PartCounts {
  readonly parts: { added: number; removed: number; changed: number };
  readonly lines: { added: number; removed: number };
}

function countParts(before: Iterable<RulePart>, after: Iterable<RulePart>): PartCounts {
  const old = new Map(Array.from(before, ({ name, lines }) => [name, lines]));
  const counts: PartCounts = {
    parts: { added: 0, removed: 0, changed: 0 },
    lines: { added: 0, removed: 0 },
  };
  for (const { name, lines } of after) {
    const previous = old.get(name);
    old.delete(name);
    if (previous === undefined) {
      counts.parts.added += 1;
      counts.lines.added += lines.length;
    } else if (!isSameList(previous, lines)) {
      counts.parts.changed += 1;
      countExchanged(counts, previous, lines);
    }
  }
  for (const lines of old.values()) {
    counts.parts.removed += 1;
    counts.lines.removed += lines.length;
  }
  return counts;
}

function countExchanged(counts: PartCounts, before: readonly string[], after: readonly string[]): void {
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  for (const line of after) {
    const count = left.get(line) ?? 0;
    if (count === 0) counts.lines.added += 1;
    else left.set(line, count - 1);
  }
  for (const count of left.values()) counts.lines.removed += count;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
