import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../../src/lang/iptables/ruleset.ts';
import {
  choiceRules,
  inShares,
  type WeightedRule,
} from '../../../../src/render/iptables/compact/pool-chains.ts';
import { jump } from '../../../../src/render/netfilter/matches.ts';

function option(weight: number): WeightedRule {
  return { weight, ruleFor: (matches) => ({ matches, action: jump('KUBE-X') }) };
}

/** Which share of all packets each rule takes. */
function shares(rules: Iterable<Rule>): readonly number[] {
  let left = 1;
  return [...rules].map(({ matches: [match] }) => {
    const taken = left * (match?.kind === 'random' ? match.probability : 1);
    left -= taken;
    return taken;
  });
}

describe('choiceRules', () => {
  test.each([[[1]], [[1, 1, 1]], [[8, 8, 9]], [Array.from({ length: 64 }, () => 1)]])(
    'options of weights %j get their shares',
    (weights) => {
      const sum = weights.reduce((total, weight) => total + weight, 0);
      const taken = shares(choiceRules(weights.map(option)));
      expect(taken).toHaveLength(weights.length);
      for (const [index, share] of taken.entries())
        expect(share).toBeCloseTo((weights[index] ?? 0) / sum, 12);
    },
  );

  test('the last option takes all that is left, whatever rounding does', () => {
    expect([...choiceRules([option(2), option(1)])].at(-1)?.matches).toEqual([]);
  });
});

describe('inShares', () => {
  test.each([65, 100, 1000, 5001])('%i in parts of about the same length, all and in order', (length) => {
    const list = Array.from({ length }, (_, index) => index);
    const parts = inShares(list);
    expect(parts.flat()).toEqual(list);
    const lengths = parts.map((part) => part.length);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
    expect(Math.max(parts.length, ...lengths)).toBeLessThanOrEqual(Math.ceil(Math.sqrt(length)));
  });

  test('64 are not too many to choose among at once', () => {
    expect(inShares(Array.from({ length: 64 }))).toEqual([]);
  });
});
