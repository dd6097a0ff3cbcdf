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
    [
      'x: [a, b: c\ny: d\n',
      [
        '3:4 the "[" that opens here is never closed; close it with "]"',
        '4:1 it should be closed before this',
      ],
    ],
    [
      'x:\n  - {a: b, c: d\n\n    e: f\n  - g\n',
      [
        '4:5 the "{" that opens here is never closed; close it with "}"',
        '6:5 it should be closed before this',
      ],
    ],
    ["x: 'a\ny: 1\n", ['3:4 the quote that opens here is never closed; close it with the same quote']],
  ])('%j', (text, lines) => expect(said(HEAD + text)).toEqual(lines));

  test('where one is closed, further down, a comma is missing', () =>
    expect(said(`${HEAD}x: [{a: b\n  y: c}\nz: 1\n`)).toEqual([
      '4:3 a "," is missing between this and the line above; put one "," between two entries',
    ]));

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

describe('what is no JSON', () => {
  const object = '{"apiVersion":"v1","kind":"A","metadata":{"name":"a"}}';
  const comment = 'this is no JSON: a comment stands here, and JSON has none';
  const hint = 'remove it, or write the file as YAML, where comments begin with "#"';
  test.each([
    [
      `${object}}`,
      `1:${object.length + 1} this is no JSON: nothing is open that this "}" could close`,
      'remove it, or one of those in front of it',
    ],
    [object.replace(',', ', /* a\nb */ '), `1:21 ${comment}`, hint],
    [object.replace(',', ', // a\n'), `1:21 ${comment}`, hint],
    [object.replace(/}$/, '} // a'), `1:${object.length + 2} ${comment}`, hint],
    [`// a\n/* b\n */\n${object}`, `1:1 ${comment}`, hint],
  ])('%s', (text, message, mend) => expect(said(text)).toEqual([`${message}; ${mend}`]));
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
