import type { Rule, SavedRule, Table } from '../ruleset.ts';

/** What of a table of a node is not as it is wanted. Tables without differences are left out. */
export interface TableChange {
  readonly name: Table['name'];
  readonly chains: readonly ChainChange[];
}

export type ChainChange =
  /** Wanted, and not there. */
  | { readonly kind: 'missing'; readonly name: string; readonly rules: readonly Rule[] }
  /** Of ours, and not wanted any more. */
  | { readonly kind: 'stale'; readonly name: string; readonly rules: readonly SavedRule[] }
  | {
      readonly kind: 'differs';
      readonly name: string;
      readonly place: ChainPlace;
      /** All rules that are wanted; of the chain of others, only those of ours. */
      readonly rules: readonly Rule[];
      /** What makes the chain what is wanted: all removals, from the end, then all insertions, from the start. */
      readonly edits: readonly RuleEdit[];
    };

/**
 * `own`: ours, and the order of its rules counts. `list`: ours, and any order does, so that rules may be exchanged one by
 * one. `others`: built-in, or somebody else's, with jumps into ours.
 */
export type ChainPlace = 'own' | 'list' | 'others';

/** Positions count from 1. */
export type RuleEdit =
  /** `at`: among the rules as they are. */
  | { readonly kind: 'remove'; readonly at: number; readonly rule: SavedRule }
  /** `at`: among the rules as they will be. */
  | { readonly kind: 'insert'; readonly at: number; readonly rule: Rule };
