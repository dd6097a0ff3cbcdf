import { describe, expect, test } from 'vitest';
import { parseText, problemsOf } from '../support/parse-text.ts';
import { shareOf } from '../support/share.ts';

const HEAD = 'apiVersion: v1\nkind: A\n';
const MILLION = 1_000_000;

/** A value within this many maps and lists, in turn. */
function nested(
  levels: number,
  openings: readonly [string, string],
  closings: readonly [string, string],
): string {
  const turns = Array.from({ length: levels }, (_, level) => level % 2);
  const open = turns.map((turn) => openings[turn]).join('');
  return `${open}1${turns
    .reverse()
    .map((turn) => closings[turn])
    .join('')}`;
}

describe('nesting', () => {
  test.each<[string, (levels: number) => string]>([
    [
      'JSON',
      (levels) => `{"apiVersion":"v1","kind":"A","x":${nested(levels - 1, ['[', '{"a":'], [']', '}'])}}`,
    ],
    [
      'flow YAML',
      (levels) => `{apiVersion: v1, kind: A, x: ${nested(levels - 1, ['[', '{a: '], [']', '}'])}}`,
    ],
    [
      'blocks',
      (levels) => `${HEAD}x: ${nested(levels - 1, ['\n- ', '\n- '], ['', '']).replace(/\n- (?=\n)/g, '')}\n`,
    ],
  ])('of everyday depth is fine in %s', (_, textOf) => expect(problemsOf(textOf(60))).toEqual([]));

  test('of 100 levels is fine, of 101 not, in JSON', () => {
    const textOf = (levels: number) =>
      `{"apiVersion":"v1","kind":"A","x":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(problemsOf(textOf(99))).toEqual([]);
    expect(problemsOf(textOf(100))).toEqual(['error nesting-depth 1:134']);
  });

  test('of 100 levels is fine, of 101 not, in YAML', () => {
    const textOf = (levels: number) => `${HEAD}x: !a ${'['.repeat(levels)}${']'.repeat(levels)}\n`;
    expect(problemsOf(textOf(99))).toEqual([]);
    expect(problemsOf(textOf(100))).toEqual(['error nesting-depth 3:106']);
  });

  test.each<[string, string]>([
    ['brackets', '['.repeat(10 * MILLION)],
    ['brackets that are closed', `${'['.repeat(5 * MILLION)}${']'.repeat(5 * MILLION)}`],
    ['braces', '{"a":'.repeat(2 * MILLION)],
    ['braces without quotes', '{a: '.repeat(200_000)],
    ['brackets and braces', '[{"a":'.repeat(2 * MILLION)],
    ['brackets far behind', `{"x": "${'x'.repeat(5 * MILLION)}", "y": ${'['.repeat(5 * MILLION)}`],
    ['levels that look closed', '{"x":"]","a":'.repeat(100_000)],
    ['levels that look closed, and are', `${'{"x":"]","a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['dashes', '- '.repeat(MILLION)],
    ['question marks', '? '.repeat(MILLION)],
    ['colons', ': '.repeat(MILLION)],
    ['indentation', Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
    ['flow in flow', 'a: {b: '.repeat(MILLION)],
  ])('ends soon for %s', (_, text) => {
    const { manifests, diagnostics } = parseText(text);
    expect(manifests).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'nesting-depth', severity: 'error' }]);
  });
});

describe('more than two million words and signs are refused', () => {
  const lines: readonly (readonly [string, string])[] = [
    ['anchors', '- &x\n'],
    ['tags in brackets', '- [!x a]\n'],
  ];

  test.each(lines.slice(0, shareOf(lines.length)))('%s', (_, line) => {
    const { manifests, diagnostics } = parseText(`${HEAD}a:\n${line.repeat(600_000)}`);
    expect(manifests).toEqual([]);
    expect(diagnostics).toMatchObject([
      {
        code: 'text-file',
        message: 'a single YAML document of more than 2000000 words and signs is too long',
      },
    ]);
  });
});

describe('any number of problems', () => {
  test.each<[string, string, number]>([
    ['warnings of YAML', `${HEAD}${'x: 1\n'.repeat(130_000)}`, 129_999],
    ['warnings of JSON', `{${'"x":1,\n'.repeat(130_000)}"apiVersion":"v1","kind":"A"}`, 129_999],
    ['documents', '{"a":1}\n'.repeat(130_000), 130_000],
    [
      'items, of which the first thousand count',
      `apiVersion: v1\nkind: List\nitems:\n${'- 1\n'.repeat(130_000)}`,
      1001,
    ],
  ])('%s', (_, text, count) => {
    const { diagnostics } = parseText(text);
    expect(diagnostics.reduce((sum, { more }) => sum + 1 + (more?.count ?? 0), 0)).toBe(count);
  });
});
