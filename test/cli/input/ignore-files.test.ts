import { describe, expect, test } from 'vitest';
import { isMatch, parseGitPattern } from '../../../src/cli/input/glob.ts';

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
  ])('%s %s %s', (pattern, path, expected) => {
    expect(isMatch(path, parseGitPattern(pattern)?.steps ?? [])).toBe(expected);
  });

  test('many stars take no longer than many characters', () => {
    const steps = parseGitPattern(`${'**a'.repeat(1000)}b`)?.steps ?? [];
    expect(isMatch('a'.repeat(250), steps)).toBe(false);
  });
});
