import { describe, expect, test } from 'vitest';
import { isMatch, parseGitPattern } from '../../../src/cli/input/glob.ts';

function matches(pattern: string, path: string): boolean {
  const parsed = parseGitPattern(pattern);
  return parsed !== undefined && isMatch(path, parsed);
}

describe('patterns as Git reads them', () => {
  test.each([
    ['*.yaml', 'a.yaml', true],
    ['{a,b}.yaml', 'a.yaml', false],
    ['{a,b}.yaml', '{a,b}.yaml', true],
    ['/a/b', 'a/b', true],
    ['a/**', 'a/b/c', true],
    ['**/b', 'a/c/b', true],
    ['a/**/b', 'a/b', true],
    ['a/x**y', 'a/xzy', true],
    ['a/x**y', 'a/xz/y', false],
    ['a/***', 'a/b/c', true],
    ['[^a]', 'b', true],
    ['[^a]', 'a', false],
    ['**/b', 'b', true],
    ['a/**/b', 'a/b/c', false],
    ['a]b', 'a]b', true],
    ['a\\*b', 'a*b', true],
    ['ab*', 'ac', false],
    ['*.yaml', 'yaml', false],
    ['ab*ba', 'aba', false],
  ])('%s %s %s', (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  test('many stars take no longer than many characters', () => {
    expect(matches(`${'**a'.repeat(1000)}b`, `${'a'.repeat(250)}bb`)).toBe(false);
  });
});
