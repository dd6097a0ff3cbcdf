import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareList, compareOrdered } from '../../../src/lang/iptables/compare/compare-chain.ts';
import { compareJumps } from '../../../src/lang/iptables/compare/compare-rules.ts';
import type { RuleEdit } from '../../../src/lang/iptables/compare/rule-change.ts';
import type { KeyedRule, KeyedSavedRule } from '../../../src/lang/iptables/compare/rule-key.ts';
import type { Rule } from '../../../src/lang/iptables/ruleset.ts';
import { align } from '../../../src/lang/text/align.ts';

function rule(key: string): Rule {
  return { matches: [{ kind: 'comment', text: key }] };
}

function wanted(keys: readonly string[]): readonly KeyedRule[] {
  return keys.map((key) => ({ key, rule: rule(key) }));
}

function present(keys: readonly string[]): readonly KeyedSavedRule[] {
  return keys.map((key, index) => ({ key, rule: { ...rule(key), line: index + 1, text: key } }));
}

function keyOf({ matches: [match] }: Rule): string {
  return match?.kind === 'comment' ? match.text : '';
}

/** What iptables makes of a chain, edit by edit. */
function apply(keys: readonly string[], edits: readonly RuleEdit[]): readonly string[] {
  const result = [...keys];
  for (const edit of edits) {
    if (edit.kind === 'remove') {
      expect(result[edit.at - 1]).toBe(keyOf(edit.rule));
      result.splice(edit.at - 1, 1);
    } else {
      expect(edit.at).toBeLessThanOrEqual(result.length + 1);
      result.splice(edit.at - 1, 0, keyOf(edit.rule));
    }
  }
  return result;
}

const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'last'), { maxLength: 10 });
const isLast = ({ key }: KeyedRule) => key === 'last';

test('align finds what stays, in order', () => {
  expect([...align(['a', 'b', 'c', 'd'], ['b', 'x', 'a', 'c'])]).toEqual([
    [1, 0],
    [2, 3],
  ]);
  expect([...align(['a', 'a', 'a'], ['a', 'a'])]).toHaveLength(2);
});

describe('edits', () => {
  test('make a chain what is wanted', () => {
    fc.assert(
      fc.property(keys, keys, (before, after) => {
        expect(apply(before, compareOrdered(present(before), wanted(after)))).toEqual(after);
      }),
      { numRuns: 1000 },
    );
  });

  test('one change takes one or two', () => {
    const before = Array.from({ length: 1000 }, (_, index) => `rule ${index}`);
    const after = before.with(500, 'other');
    expect(compareOrdered(present(before), wanted(after))).toHaveLength(2);
    expect(compareOrdered(present(before), wanted(before.toSpliced(500, 1)))).toHaveLength(1);
  });

  test('give a list the rules that are wanted, what belongs at the end there', () => {
    const list = keys.map((all) => [
      ...all.filter((key) => key !== 'last'),
      ...all.filter((key) => key === 'last'),
    ]);
    fc.assert(
      fc.property(keys, list, (before, after) => {
        const result = apply(before, compareList(present(before), wanted(after), isLast));
        expect(result.toSorted()).toEqual(after.toSorted());
        const firstLast = result.indexOf('last');
        if (firstLast >= 0) expect(new Set(result.slice(firstLast))).toEqual(new Set(['last']));
      }),
      { numRuns: 1000 },
    );
  });

  test('a list in another order stays as it is', () => {
    const before = present(['c', 'a', 'b', 'last']);
    expect(compareList(before, wanted(['a', 'b', 'c', 'last']), isLast)).toEqual([]);
    expect(compareList(before, wanted(['a', 'b', 'c', 'd', 'last']), isLast)).toHaveLength(1);
  });
});

describe('jumps in chains of others', () => {
  const isOwn = ({ key }: KeyedSavedRule) => key.startsWith('our');
  const jumps = (before: readonly string[], after: readonly string[]) =>
    apply(before, compareJumps({ present: present(before), wanted: wanted(after), isOwn }));

  test.each([
    [['theirs'], ['our 1', 'our 2'], ['our 1', 'our 2', 'theirs']],
    [
      ['our 1', 'our 3', 'theirs'],
      ['our 1', 'our 2', 'our 3'],
      ['our 1', 'our 2', 'our 3', 'theirs'],
    ],
    [
      ['theirs', 'our 2'],
      ['our 1', 'our 2'],
      ['our 1', 'theirs', 'our 2'],
    ],
    [['our 1', 'theirs', 'our 1'], ['our 1'], ['theirs', 'our 1']],
    [['our old', 'theirs'], [], ['theirs']],
    [
      ['our 2', 'our 1'],
      ['our 1', 'our 2'],
      ['our 2', 'our 1'],
    ],
  ])('%j with %j wanted', (before, after, expected) => {
    expect(jumps(before, after)).toEqual(expected);
  });
});
