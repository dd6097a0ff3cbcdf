import { describe, expect, test } from 'vitest';
import { readRepeatedKeys } from '../../../src/parse/fast-yaml/fast-yaml-places.ts';
import { readFastYaml } from '../../../src/parse/fast-yaml/read-fast-yaml.ts';
import { compareReaders } from '../../support/compare-readers.ts';

describe('keys that stand twice', () => {
  test.each([
    ['in a map', 'a: 1\nb: 2\na: 3\n'],
    ['three times', 'a: 1\na: 2\na: 3\n'],
    ['below one another', 'a:\n  b: 1\n  b: 2\na:\n  c: 1\n  c:\n  - d: 1\n    d: 2\n'],
    ['in brackets', 'a: {b: 1, c: [{d: 1, d: 2}], b: {e: 1}}\n'],
    ['as text and as something else', '80: 1\n"80": 2\ntrue: 1\nyes: 2\n'],
    ['behind carriage returns', 'a: 1\r\nb:\r\n  c: 1\r\n  c: 2\r\na: 3\r\n'],
    ['behind comments and blank lines', '# x\n\na: 1 # y\n\n# z\na: |\n  a: 1\n'],
  ])('%s: as the general parser tells of them', (_, text) => {
    expect(readFastYaml(text)).toBeUndefined();
    expect(compareReaders(text, new Map())).toBe('same');
    expect(readRepeatedKeys(text, 0)?.problems).not.toEqual([]);
  });

  test('stand where the document does in its file', () => {
    const [problem] = readRepeatedKeys('a: 1\na: 2\n', 100)?.problems ?? [];
    expect(problem).toMatchObject({
      code: 'duplicate-key',
      range: { start: 105, end: 106 },
      related: { range: { start: 100, end: 101 } },
      path: ['a'],
    });
  });

  test('are left to the general parser in what this reader does not know', () => {
    expect(readRepeatedKeys('a: &x 1\na: 2\n', 0)).toBeUndefined();
    expect(readRepeatedKeys('__proto__: 1\na: 2\n', 0)).toBeUndefined();
  });
});
