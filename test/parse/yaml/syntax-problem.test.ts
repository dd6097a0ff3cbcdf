import { describe, expect, test } from 'vitest';
import { parseText } from '../../support/parse-text.ts';

const HEAD = 'apiVersion: v1\nkind: A\n';

/** Where it is, what is wrong, how to mend it, and where the other end is. */
function said(text: string): readonly string[] {
  const { diagnostics } = parseText(text);
  return diagnostics.flatMap(({ span, message, hint = 'no hint', related }) => [
    `${span?.line}:${span?.column} ${message}; ${hint}`,
    ...related.map((other) => `${other.span.line}:${other.span.column} ${other.message}`),
  ]);
}

describe('a bracket or quote that is never closed is shown where it opens', () => {
  test.each<[string, readonly string[]]>([
    [
      'x: {a: [{b: 1}]\n',
      ['3:4 the "{" that opens here is never closed; close it with "}"', '4:1 the text ends here'],
    ],
    [
      'x:\n  y: [{b: 1}\n  z: {c: d}\n',
      [
        '4:6 the "[" that opens here is never closed; close it with "]"',
        '5:3 it should be closed before this',
      ],
    ],
    [
      'x: [a}\n',
      [
        '3:4 the "[" that opens here is never closed; close it with "]"',
        '3:6 it should be closed before this',
      ],
    ],
    ["x: 'a\ny: 1\n", ['3:4 the quote that opens here is never closed; close it with the same quote']],
  ])('%j', (text, lines) => expect(said(HEAD + text)).toEqual(lines));

  test('also in a text that is all in brackets', () => {
    expect(said('{a: [1, 2], b: c\n')).toEqual([
      '1:1 the "{" that opens here is never closed; close it with "}"',
      '2:1 the text ends here',
    ]);
    expect(said('{"a": [1, 2], "b": "c"\n')).toEqual([
      '2:1 this is no JSON: expected "," or "}", but the text ends; close it with "}"',
      '1:1 what is not closed opens here',
    ]);
  });
});

test.each([
  ...[
    'x: - a',
    'x: &a &b c',
    'x: !a !b c',
    'x: "a"#b',
    'x: "a" b',
    'x: [a] b',
    'x: |y\n  a',
    'x: |\n     \n  a',
    '- a',
  ],
  ...[
    'x: {a, , b}',
    'x: ]',
    'x: !<y z',
    'x: !y!z a',
    '... a',
    'x: &',
    'x: *',
    'x: *a',
    'x: {a: b c: d}',
    'x: &a [*a]',
  ],
  ...[
    'x: .inf',
    'x: !!int a',
    '? [a]\n: b',
    '<<: a',
    'x\ny: 1',
    'x: a: b',
    'x:\n  - a\n - b',
    'x: "\\q"',
    'x:\n\ta: 1',
  ],
])('%j: what is wrong, in our words, and how to mend it', (text) => {
  for (const line of said(`${HEAD}${text}\n`)) {
    expect(line).not.toContain('no hint');
    // Words of the parser that speak of its parts, not of what somebody has written.
    expect(line).not.toMatch(/scalar|node|token|sequence|mapping|implicit|indicator|compact/i);
  }
  expect(said(`${HEAD}${text}\n`)).not.toEqual([]);
});
