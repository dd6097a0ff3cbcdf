import { describe, expect, it } from 'vitest';
import { jsonErrorOffset } from '../../../src/resolve/allocation/lock-text.ts';

/** Each text is wrong at the caret. */
const WRONG = [
  '^',
  '  ^',
  '^x',
  '{^',
  '{^]',
  '{"a"^}',
  '{"a": ^}',
  '{"a": 1,^}',
  '{"a": 1 ^"b": 2}',
  '{^a: 1}',
  '{"a": 1}^}',
  '{"a": [1, 2^}',
  '[1,^]',
  '[1 ^2]',
  '[^,1]',
  '[0^1]',
  '[1^.]',
  '[^"a\nb"]',
  '[^"\\x"]',
  '[^tru]',
];

describe('jsonErrorOffset', () => {
  it.each(WRONG)('finds the place in %j', (text) => {
    const json = text.replace('^', '');
    expect(() => JSON.parse(json)).toThrow();
    expect(jsonErrorOffset(json)).toBe(text.indexOf('^'));
  });

  it('goes through deep nesting', () => {
    expect(jsonErrorOffset('['.repeat(100_000))).toBe(100_000);
  });
});
