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
    ['carriage returns', 'a: b\r\n'],
    ['line separators', 'a: b\u2028c\n'],
    ['anchors', 'a: &x b\n'],
    ['aliases', 'a: *x\n'],
    ['tags', 'a: !!str 1\n'],
    ['merge keys', '<<: a\n'],
    ['directives', '%YAML 1.1\n'],
    ['markers', 'a: b\n---\nc: d\n'],
    ['document ends', 'a: b\n...\n'],
    ['folded blocks', 'a: >\n  b\n'],
    ['indentation indicators', 'a: |2\n   b\n'],
    ['scalars that go on', 'a: b\n  c\n'],
    ['quoted scalars that go on', 'a: "b\n  c"\n'],
    ['flow collections that go on', 'a: [b,\n  c]\n'],
    ['scalars below their key', 'a:\n  b\n'],
    ['maps in scalars', 'a: b: c\n'],
    ['lists in entries', 'a: - b\n'],
    ['duplicate keys', 'a: 1\na: 2\n'],
    ['duplicate keys in flow', 'a: {b: 1, b: 2}\n'],
    ['prototype keys', '__proto__: a\n'],
    ['keys that are numbers', '80: a\n'],
    ['keys that are booleans', 'yes: a\n'],
    ['complex keys', '? a\n: b\n'],
    ['uneven indentation', 'a:\n    b: 1\n  c: 2\n'],
    ['deeper entries after a value', 'a: 1\n  b: 2\n'],
    ['lists after maps', 'a: 1\n- b\n'],
    ['maps after lists', '- a\nb: 1\n'],
    ['text behind quotes', 'a: "b" c\n'],
    ['unclosed quotes', 'a: "b\n'],
    ['unclosed flow', 'a: [b\n'],
    ['trailing commas', 'a: [b, ]\n'],
    ['unusual escapes', 'a: "\\x41"\n'],
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
  ['+1', 1],
  ['1:20', '1:20'],
  ['2026-01-05', '2026-01-05'],
  ['1234567890123456', 1234567890123456],
  ['1.2.3', '1.2.3'],
])('readFastYaml takes the odd scalar %s for what Kubernetes does', (scalar, value) => {
  expect(readFastYaml(`a: ${scalar}\n`)).toEqual({ a: value });
});
