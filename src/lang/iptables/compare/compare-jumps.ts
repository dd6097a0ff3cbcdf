import type { RuleEdit } from './rule-change.ts';
import type { KeyedRule, KeyedSavedRule } from './rule-key.ts';

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
