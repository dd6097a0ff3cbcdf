import { align } from '../../text/align.ts';
import type { RuleEdit } from './rule-change.ts';
import type { KeyedRule, KeyedSavedRule } from './rule-key.ts';

/** What makes a chain what is wanted, rule by rule and in this order. Empty: it is. */
export function compareOrdered(
  present: readonly KeyedSavedRule[],
  wanted: readonly KeyedRule[],
): readonly RuleEdit[] {
  const start = commonStart(present, wanted);
  const [old, now] = [present.slice(start), wanted.slice(start)];
  if (old.length === 0 && now.length === 0) return [];
  const kept = align(
    old.map(({ key }) => key),
    now.map(({ key }) => key),
  );
  const stays = new Set(kept.values());
  return [
    ...old.flatMap(({ rule }, index) => (kept.has(index) ? [] : [removal(rule, start + index)])).reverse(),
    ...now.flatMap(({ rule }, index) => (stays.has(index) ? [] : [insertion(rule, start + index)])),
  ];
}

/**
 * The same for a list whose order is free, but for the rules that belong at its end. Where its rules have another order
 * than is wanted, they keep it, and what is missing goes to the top.
 */
export function compareList(
  present: readonly KeyedSavedRule[],
  wanted: readonly KeyedRule[],
  isLast: (rule: KeyedRule) => boolean,
): readonly RuleEdit[] {
  const ordered = compareOrdered(present, wanted);
  if (ordered.length === 0) return ordered;
  const edits = exchange(present, wanted, isLast);
  return edits.length < ordered.length ? edits : ordered;
}

function exchange(
  present: readonly KeyedSavedRule[],
  wanted: readonly KeyedRule[],
  isLast: (rule: KeyedRule) => boolean,
): readonly RuleEdit[] {
  const missing = new Map<string, number>();
  for (const { key } of wanted) missing.set(key, (missing.get(key) ?? 0) + 1);
  const firstOfEnd = present.findLastIndex((each) => !isLast(each)) + 1;
  const removals: RuleEdit[] = [];
  for (const [index, each] of present.entries()) {
    const count = missing.get(each.key) ?? 0;
    if (count > 0 && (index >= firstOfEnd || !isLast(each))) missing.set(each.key, count - 1);
    else removals.unshift(removal(each.rule, index));
  }
  return [...removals, ...insertions(wanted, { missing, isLast })];
}

interface Exchange {
  /** How often a rule has to be added. */
  readonly missing: Map<string, number>;
  readonly isLast: (rule: KeyedRule) => boolean;
}

/** At the top, in their order; those that belong at the end are at the end of the whole list. */
function insertions(wanted: readonly KeyedRule[], { missing, isLast }: Exchange): readonly RuleEdit[] {
  let top = 0;
  return wanted.flatMap((each, index): readonly RuleEdit[] => {
    const count = missing.get(each.key) ?? 0;
    if (count === 0) return [];
    missing.set(each.key, count - 1);
    if (isLast(each)) return [insertion(each.rule, index)];
    top += 1;
    return [insertion(each.rule, top - 1)];
  });
}

function commonStart(present: readonly KeyedSavedRule[], wanted: readonly KeyedRule[]): number {
  let start = 0;
  while (start < present.length && start < wanted.length && present[start]?.key === wanted[start]?.key) {
    start += 1;
  }
  return start;
}

function removal(rule: KeyedSavedRule['rule'], index: number): RuleEdit {
  return { kind: 'remove', at: index + 1, rule };
}

function insertion(rule: KeyedRule['rule'], index: number): RuleEdit {
  return { kind: 'insert', at: index + 1, rule };
}
