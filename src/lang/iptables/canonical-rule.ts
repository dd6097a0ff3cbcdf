import { holdsAlways, type Match, savedPlace } from './matches/match.ts';
import type { Rule } from './ruleset.ts';

/** Matches in the order in which `iptables-save` prints them. */
export function inSavedOrder(matches: readonly Match[]): readonly Match[] {
  let last = 0;
  for (const match of matches) {
    const place = savedPlace(match);
    if (place < last) return [...matches].sort((a, b) => savedPlace(a) - savedPlace(b));
    last = place;
  }
  return matches;
}

/** A rule as it would be read back from the kernel: another order, and without what always holds. */
export function canonicalRule(rule: Rule): Rule {
  const { matches: all, action } = rule;
  const matches = inSavedOrder(all.some(holdsAlways) ? all.filter((match) => !holdsAlways(match)) : all);
  // Most rules are built as the kernel gives them back.
  if (matches === all) return rule;
  return action === undefined ? { matches } : { matches, action };
}
