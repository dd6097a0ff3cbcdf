import type { Match } from '../../../lang/iptables/matches/match.ts';
import type { Rule } from '../../../lang/iptables/ruleset.ts';

/** One of several ways that a packet can take. */
export interface Option {
  /** Its share, compared with the others. */
  readonly weight: number;
  /** The rule that takes it, where `choice` holds. */
  readonly ruleFor: (choice: readonly Match[]) => Rule;
}

/** One of the options, at random: each takes its share of what those before have left, the last one all of it. */
export function* choiceRules(options: readonly Option[]): Generator<Rule> {
  let remaining = options.reduce((sum, { weight }) => sum + weight, 0);
  for (const { weight, ruleFor } of options) {
    yield ruleFor(remaining > weight ? [{ kind: 'random', probability: weight / remaining }] : []);
    remaining -= weight;
  }
}

/** A choice among more is made in two steps: in one, half of the rules have to be looked at on average. */
const MAX_OPTIONS = 64;

/** A long list in parts, about as many as each is long, for a choice in two steps; none for a short list. */
export function inShares<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length <= MAX_OPTIONS) return [];
  const count = Math.ceil(Math.sqrt(list.length));
  const start = (index: number) => Math.floor((index * list.length) / count);
  return Array.from({ length: count }, (_, index) => list.slice(start(index), start(index + 1)));
}
