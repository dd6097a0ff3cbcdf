import type { Match, Rule } from './ruleset.ts';

/** `iptables-save` prints what the kernel keeps in a rule's header first, in this order. */
const HEADER: Partial<Readonly<Record<Match['kind'], number>>> = {
  source: 0,
  destination: 1,
  'in-interface': 2,
  'out-interface': 3,
  protocol: 4,
  'other-protocol': 4,
};
const AFTER_HEADER = 5;

/** Matches in the order in which `iptables-save` prints them. */
export function inSavedOrder(matches: readonly Match[]): readonly Match[] {
  let last = 0;
  for (const match of matches) {
    const place = placeOf(match);
    if (place < last) return [...matches].sort((a, b) => placeOf(a) - placeOf(b));
    last = place;
  }
  return matches;
}

function placeOf({ kind }: Match): number {
  return HEADER[kind] ?? AFTER_HEADER;
}

/** A rule as it would be read back from the kernel: another order, and without what always holds. */
export function canonicalRule(rule: Rule): Rule {
  const matches = rule.matches.filter((match) => !holdsAlways(match));
  return { ...rule, matches: inSavedOrder(matches) };
}

function holdsAlways(match: Match): boolean {
  if (match.kind !== 'source' && match.kind !== 'destination') return false;
  return match.negated !== true && match.cidr.endsWith('/0');
}
