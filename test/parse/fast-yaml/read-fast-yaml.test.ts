import { describe, expect, test } from 'vitest';
import { readFastYaml } from '../../../src/parse/fast-yaml/read-fast-yaml.ts';

describe('readFastYaml reads', () => {
  const cases: readonly [string, string, unknown][] = [
    ['maps', 'a: 1\nb:\n  c: d\n', { a: 1, b: { c: 'd' } }],
    [
      'lists at the column of their key',
      'a:\n- 1\n- b: c\n  d: e\nf: g\n',
      { a: [1, { b: 'c', d: 'e' }], f: 'g' },
    ],
    ['lists deeper than their key', 'a:\n    - 1\n    - 2\n', { a: [1, 2] }],
    ['compact lists of lists', '- - a\n  - b\n-   - c\n', [['a', 'b'], ['c']]],
    ['items below their dash', '-\n  a: b\n- c\n', [{ a: 'b' }, 'c']],
    ['missing values', 'a:\nb:\n-\n- c\nd:\n', { a: null, b: [null, 'c'], d: null }],
    ['comments and blank lines', '# x\n\na: b # y\n  # z\n\n# w\nc: d#e\n', { a: 'b', c: 'd#e' }],
    // The package yaml (2.9.1) reads `d e` here, and refuses it as a key.
    [
      'a value below a comment that is less indented',
      'a:\n  b:\n#c\n    d\n  e: f\n',
      { a: { b: 'd', e: 'f' } },
    ],
    ['keys with signs in them', "f:a: 1\nb[0]-{c}: 2\nd('e'): 3\n", { 'f:a': 1, 'b[0]-{c}': 2, "d('e')": 3 }],
    ['keys that are no strings', 'on: 1\n80: 2\n', { true: 1, 80: 2 }],
    ['a marker at the very end', 'a: b\n...\n\n', { a: 'b' }],
    ['tabs in blocks and comments', 'a: |\n  x\ty\n# \tc\nb: 1\n', { a: 'x\ty\n', b: 1 }],
    ['rare escapes', 'a: "\\x41\\u00e9\\U0001F553\\e"\n', { a: 'Aé\u{1f553}\x1b' }],
    [
      'lines in quotes and brackets that are not deeper than their key',
      "a:\n  b: 'c\n  d'\n  e: [\n  f,\n]\ng: 1\n",
      { a: { b: 'c d', e: ['f'] }, g: 1 },
    ],
    ['no line break at the end', 'a: b', { a: 'b' }],
    ['certain scalars', 'a: true\nb: null\nc: -5\nd: 0\n', { a: true, b: null, c: -5, d: 0 }],
    [
      'addresses',
      'a: 10.0.0.1\nb: fd00::1\nc: 10.0.0.0/8\n',
      { a: '10.0.0.1', b: 'fd00::1', c: '10.0.0.0/8' },
    ],
    [
      'times, versions, sizes',
      'a: 2026-01-05T10:00:00Z\nb: v1.2\nc: 128Mi\nd: 500m\n',
      { a: '2026-01-05T10:00:00Z', b: 'v1.2', c: '128Mi', d: '500m' },
    ],
    [
      'identifiers that begin like numbers',
      'a: 0b4be1d8-4c5b\nb: 7d4b9c6f5d\n',
      { a: '0b4be1d8-4c5b', b: '7d4b9c6f5d' },
    ],
    ['arguments', '- --flag=value\n- -v\n- a:b\n', ['--flag=value', '-v', 'a:b']],
    ['quoted scalars', `a: "x \\"y\\" \\n"\nb: 'it''s'\nc: ""\n`, { a: 'x "y" \n', b: "it's", c: '' }],
    ['quoted keys', `"a b": 1\n'80': 2\n`, { 'a b': 1, '80': 2 }],
    [
      'flow collections',
      'a: {b: c, "d": [1, x y, {}], e: []}\n',
      { a: { b: 'c', d: [1, 'x y', {}], e: [] } },
    ],
    [
      'literal blocks',
      'a: |\n  x\n\n    y: z # w\n\nb: |-\n  x\n\nc: |+\n  x\n\nd: 1\n',
      { a: 'x\n\n  y: z # w\n', b: 'x', c: 'x\n\n', d: 1 },
    ],
    [
      'folded blocks',
      'a: >\n  x\n  y\n\n  z\n    deeper\n  w\nb: >-\n\n  x\n\n\n  y\n',
      { a: 'x y\nz\n  deeper\nw\n', b: '\nx\n\ny' },
    ],
    ['blocks that say how deep they are', 'a: |2-\n    x\n  y\n', { a: '  x\ny' }],
    [
      'plain scalars over lines, until a comment',
      'a: x\n  - y\n\n  z # c\nb:\n  c\n  d\n',
      { a: 'x - y\nz', b: 'c d' },
    ],
    [
      'quoted scalars over lines',
      "a: \"x \n\n  y \\\n  z\\n\"\nb: 'x\n   it''s'\n",
      { a: 'x\ny z\n', b: "x it's" },
    ],
    [
      'flow collections over lines',
      'a: [b, # c\n  d,\n  ]\ne: {f: g,\n\n  h: [i]}\n',
      { a: ['b', 'd'], e: { f: 'g', h: ['i'] } },
    ],
    ['scalars below their key or dash', 'a:\n  b\nc:\n-\n  "d"\n', { a: 'b', c: ['d'] }],
    ['lines of Windows', 'a: b # c\r\nd: |\r\n  e\r\n\r\nf: "g\r\n  h"\r\n', { a: 'b', d: 'e\n', f: 'g h' }],
    ['unusual keys', '$ref: a\na b: c\n(a == b): d\n', { $ref: 'a', 'a b': 'c', '(a == b)': 'd' }],
    ['keys that objects have anyway', 'constructor: a\ntoString: b\n', { constructor: 'a', toString: 'b' }],
  ];
  test.each(cases)('%s', (_, text, value) => expect(readFastYaml(text)).toEqual(value));
});

describe('readFastYaml declines', () => {
  test.each([
    ['nothing', ''],
    ['comments only', '# a\n'],
    ['a scalar document', 'a\n'],
    ['tabs', 'a:\tb\n'],
    ['lone carriage returns', 'a: b\rc: d\n'],
    ['line separators', 'a: b\u2028c\n'],
    ['anchors', 'a: &x b\n'],
    ['aliases', 'a: *x\n'],
    ['tags', 'a: !!str 1\n'],
    ['merge keys', '<<: a\n'],
    ['directives', '%YAML 1.1\n'],
    ['markers', 'a: b\n---\nc: d\n'],
    ['document ends', 'a: b\n...\nc: d\n'],
    ['lines of a quoted scalar at the column of its dash', '- "b\nc"\n'],
    ['lines of a flow collection at the column of its dash', '- [b,\nc]\n'],
    ['lines of a quoted scalar behind a quote', "a: 'b''\nc'\n"],
    ['keys within plain scalars', 'a: b\n  c: d\n'],
    ['plain scalars that go on behind a comment', 'a: b # c\n  d\n'],
    ['escaped breaks before blank lines', 'a: "b\\\n\n  c"\n'],
    ['maps in scalars', 'a: b: c\n'],
    ['lists in entries', 'a: - b\n'],
    ['duplicate keys', 'a: 1\na: 2\n'],
    ['duplicate keys in flow', 'a: {b: 1, b: 2}\n'],
    ['prototype keys', '__proto__: a\n'],
    ['keys that are other numbers', '0x50: a\n'],
    ['keys that are nothing', 'null: a\n'],
    ['complex keys', '? a\n: b\n'],
    ['uneven indentation', 'a:\n    b: 1\n  c: 2\n'],
    ['deeper entries after a value', 'a: 1\n  b: 2\n'],
    ['lists after maps', 'a: 1\n- b\n'],
    ['maps after lists', '- a\nb: 1\n'],
    ['text behind quotes', 'a: "b" c\n'],
    ['unclosed quotes', 'a: "b\n'],
    ['unclosed flow', 'a: [b\n'],
    ['unusual escapes', 'a: "\\q"\n'],
    ['halves of characters', 'a: "\\ud83d"\n'],
    ['tabs within scalars', 'a: b\tc\n'],
    ['tabs in quotes', 'a: "b\tc"\n'],
    ['blocks that begin with a tab', 'a: |\n  \tb\n'],
    [
      'too deep documents',
      `${Array.from({ length: 70 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')} b\n`,
    ],
  ])('%s', (_, text) => expect(readFastYaml(text)).toBeUndefined());

  test.each(['.inf', '-.Inf', '.nan'])('the scalar %s', (scalar) =>
    expect(readFastYaml(`a: ${scalar}\n`)).toBeUndefined(),
  );
});

test.each([
  ['y', true],
  ['No', false],
  ['ON', true],
  ['NULL', null],
  ['~', null],
  ['=', '='],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['012', 10],
  ['0x1F', 31],
  ['0b1', 1],
  ['1_000', 1000],
  ['+_0', 0],
  ['-__1', -1],
  ['_0', '_0'],
  ['+1', 1],
  ['1:20', '1:20'],
  ['2026-01-05', '2026-01-05'],
  ['1234567890123456', 1234567890123456],
  ['1.2.3', '1.2.3'],
])('readFastYaml takes the odd scalar %s for what Kubernetes does', (scalar, value) => {
  expect(readFastYaml(`a: ${scalar}\n`)).toEqual({ a: value });
});

test('where places are all that is wanted, values are not kept', () => {
  const text = 'a:\n- b: [1, {c: 2}]\n- d\n';
  const placesOf = (isAll: boolean) => ({ blocks: [], names: [], rows: 0, isAll });
  const [all, some] = [placesOf(true), placesOf(false)];
  expect(readFastYaml(text, new Map(), all)).toEqual({});
  expect(readFastYaml(text, new Map(), some)).toEqual({ a: [{ b: [1, { c: 2 }] }, 'd'] });
  expect(all.names).toEqual([[0, 'c', 1, 'b', 0, 1, 'a']]);
  expect(all.blocks).toEqual(some.blocks);
});
