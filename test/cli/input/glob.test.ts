import { describe, expect, test } from 'vitest';
import { isIgnored, parseIgnorePattern } from '../../../src/cli/input/glob.ts';

function ignores(pattern: string, path: string): boolean {
  const parsed = parseIgnorePattern(pattern);
  expect(parsed).toBeDefined();
  return parsed !== undefined && isIgnored(path, [parsed]);
}

describe('without a slash: the name, at any depth', () => {
  test.each([
    ['*.bak', 'a.bak', true],
    ['*.bak', 'x/y/a.bak', true],
    ['*.bak', 'a.bak.yaml', false],
    ['charts', 'charts', true],
    ['charts', 'x/charts', true],
    ['charts/', 'x/charts', true],
    ['charts', 'my-charts', false],
    ['a?.yaml', 'ab.yaml', true],
    ['a?.yaml', 'a.yaml', false],
    ['[ab].yaml', 'b.yaml', true],
    ['[!ab].yaml', 'b.yaml', false],
    ['[!ab].yaml', 'c.yaml', true],
    ['{a,b}.yaml', 'b.yaml', true],
    ['{a,b}.yaml', 'c.yaml', false],
    ['a{b,{c,d}*}.yaml', 'adx.yaml', true],
    ['a{b,{c,d}*}.yaml', 'abx.yaml', false],
    ['a,b', 'a,b', true],
    ['a+b(c).yaml', 'a+b(c).yaml', true],
    ['\\*.yaml', '*.yaml', true],
    ['\\*.yaml', 'a.yaml', false],
  ])('%s %s %s', (pattern, path, expected) => expect(ignores(pattern, path)).toBe(expected));
});

describe('with a slash: the path below the folder', () => {
  test.each([
    ['x/*.yaml', 'x/a.yaml', true],
    ['x/*.yaml', 'x/y/a.yaml', false],
    ['x/*.yaml', 'z/x/a.yaml', false],
    ['x/**', 'x/y/a.yaml', true],
    ['x/**', 'x', false],
    ['**/x/*.yaml', 'x/a.yaml', true],
    ['**/x/*.yaml', 'z/z/x/a.yaml', true],
    ['x/**/a.yaml', 'x/a.yaml', true],
    ['x/**/a.yaml', 'x/y/z/a.yaml', true],
    ['/a.yaml', 'a.yaml', true],
    ['/a.yaml', 'x/a.yaml', false],
    ['./x/a.yaml', 'x/a.yaml', true],
    ['x/[!/]a', 'x//a', false],
  ])('%s %s %s', (pattern, path, expected) => expect(ignores(pattern, path)).toBe(expected));
});

test('many stars take no longer than many characters', () => {
  const stars = '*a'.repeat(100);
  expect(ignores(stars, 'a'.repeat(250))).toBe(true);
  expect(ignores(`${stars}b`, 'a'.repeat(250))).toBe(false);
  expect(ignores('{*a,*a}'.repeat(50), 'a'.repeat(40))).toBe(false);
});

test.each(['', '/', '{'.repeat(100_000), '[a', '{a', '[z-a]', 'a\\'])('%j is no pattern', (pattern) => {
  expect(parseIgnorePattern(pattern)).toBeUndefined();
});
