import type { Rule, SavedRule } from '../ruleset.ts';
import type { ChainChange, TableChange } from './rule-change.ts';
import type { FormatRule } from './rule-key.ts';

/** Whose rules they are. */
export interface RuleOwner {
  /** As the user names it, or a file of the user's; undefined: any node. */
  readonly node: string | undefined;
  /** `iptables mode, IPv4`. */
  readonly setting: string;
}

export interface ChainDrift {
  readonly table: string;
  readonly name: string;
  /** What it is, when it is no chain. */
  readonly part?: 'set' | 'map' | 'virtual server';
  /** `missing`: the node lacks it. `stale`: it is of ours, and not wanted. */
  readonly kind: 'missing' | 'stale' | 'differs';
  /** What the chain is for; undefined: it is not ours, or nothing tells. */
  readonly purpose: Purpose | undefined;
  /** Rules, of sets and maps elements, that the node lacks. */
  readonly lacks: readonly string[];
  /** Those that it has and should not have, there at least. */
  readonly has: readonly DumpedRule[];
}

/** What a chain is for, in our words, and whom it belongs to, in those of the input. */
export interface Purpose {
  readonly role: string;
  /** As manifests say. */
  readonly of?: string;
  /** Of its rules, where manifests say nothing. */
  readonly comment?: string;
}

/** A rule or element where `iptables-save` or nft has it. */
export interface DumpedRule {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** Says what a chain is for, by its table and name, and its rules. */
export type PurposeOf = (table: string, chain: ChainChange) => Purpose | undefined;

export interface DriftOptions {
  readonly purposeOf: PurposeOf;
  readonly formatRule: FormatRule;
}

/** Changes, told from the node's side. */
export function tableDrift(tables: readonly TableChange[], options: DriftOptions): readonly ChainDrift[] {
  return tables.flatMap(({ name: table, chains: all }) =>
    all.map((chain) => ({
      table,
      name: chain.name,
      kind: chain.kind,
      purpose: options.purposeOf(table, chain),
      ...exchangedRules(chain, options.formatRule),
    })),
  );
}

function exchangedRules(chain: ChainChange, formatRule: FormatRule): Pick<ChainDrift, 'lacks' | 'has'> {
  const textOf = (rule: Rule) => `-A ${chain.name}${formatRule(rule)}`;
  switch (chain.kind) {
    case 'missing':
      return { lacks: chain.rules.map(textOf), has: [] };
    case 'stale':
      return { lacks: [], has: chain.rules.map(dumped) };
    case 'differs': {
      const { edits } = chain;
      const removals = edits.flatMap((edit) => (edit.kind === 'remove' ? edit.rule : [])).toReversed();
      const insertions = edits.flatMap((edit) => (edit.kind === 'insert' ? edit.rule : []));
      return { lacks: insertions.map(textOf), has: removals.map(dumped) };
    }
  }
}

function dumped({ line, text }: SavedRule): DumpedRule {
  return { line, text };
}
