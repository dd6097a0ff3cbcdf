import type { Rule, SavedRule } from '../ruleset.ts';

/** What `iptables-save` prints of a rule, as far as is known: two rules are the same when this is. */
export type FormatRule = (rule: Rule) => string;

/** A rule with what tells whether it is the same as another. */
export interface Keyed<R extends Rule> {
  readonly rule: R;
  readonly key: string;
}

export type KeyedRule = Keyed<Rule>;
export type KeyedSavedRule = Keyed<SavedRule>;

export function keyed<R extends Rule>(rules: Iterable<R>, formatRule: FormatRule): readonly Keyed<R>[] {
  return Array.from(rules, (rule) => ({ rule, key: formatRule(rule) }));
}
