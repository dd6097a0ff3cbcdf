import type { Rule, RuleAddress, UnreadRules } from '../ruleset.ts';

/** Rules that are there, and need not be read. */
export function madeRules<Made extends Rule>(rules: readonly Made[]): UnreadRules<Made> {
  return {
    count: rules.length,
    read: (place) => {
      const rule = rules[place];
      if (rule === undefined) throw new RangeError(`there is no rule ${place}`);
      return rule;
    },
    addressOf: (place) => {
      const rule = rules[place];
      return rule && onlyAddress(rule);
    },
    lengthOf: () => 0,
  };
}

/** The address of `-d 10.0.0.1/32`, or else of `-s 10.0.0.1/32`, where a rule asks for that. */
export function onlyAddress({ matches }: Rule): RuleAddress | undefined {
  let found: RuleAddress | undefined;
  for (const match of matches) {
    if ((match.kind !== 'source' && match.kind !== 'destination') || match.negated === true) continue;
    const [ip = '', length] = match.cidr.split('/');
    if (length !== (match.cidr.includes(':') ? '128' : '32')) continue;
    if (match.kind === 'destination') return { side: match.kind, ip };
    found = { side: match.kind, ip };
  }
  return found;
}
