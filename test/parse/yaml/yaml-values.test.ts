import { describe, expect, test } from 'vitest';
import { parseText, problemsOf, valuesOf } from '../../support/parse-text.ts';

const HEAD = 'apiVersion: v1\nkind: A\n';

/** The value of the key `x` in an object with these lines. */
function valueOfX(lines: string): unknown {
  const [value] = valuesOf(HEAD + lines);
  return typeof value === 'object' && value !== null && 'x' in value ? value.x : undefined;
}

describe('merge keys', () => {
  test.each<[string, string, unknown]>([
    ['give way to keys below them', 'b: &b {p: 1, q: 2}\nx:\n  <<: *b\n  p: 3\n', { p: 3, q: 2 }],
    [
      'replace keys above them, as in go-yaml v2',
      'b: &b {p: 1, q: 2}\nx:\n  p: 3\n  <<: *b\n',
      { p: 1, q: 2 },
    ],
    ['take the first of several maps', 'x:\n  <<: [{p: 1}, {p: 2, q: 3}]\n', { p: 1, q: 3 }],
    ['merge maps that merge', 'a: &a {p: 1}\nb: &b {<<: *a, q: 2}\nx: {<<: *b}\n', { p: 1, q: 2 }],
    ['are no merge keys in quotes', 'x:\n  "<<": {p: 1}\n', { '<<': { p: 1 } }],
    ['may merge a key named __proto__', 'x: {<<: {"__proto__": 1}}\n', JSON.parse('{"__proto__": 1}')],
  ])('%s', (_, lines, value) => expect(valueOfX(lines)).toStrictEqual(value));

  test('warn where they replace a key', () => {
    const text = `${HEAD}x:\n  p: 3\n  <<: {p: 1}\n`;
    expect(problemsOf(text)).toEqual(['warning duplicate-key 5:3']);
    expect(parseText(text).diagnostics[0]).toMatchObject({
      field: ['x', 'p'],
      related: [{ span: { line: 4 } }],
    });
    expect(problemsOf(`${HEAD}x:\n  <<: {p: 1}\n  p: 3\n`)).toEqual([]);
  });

  test.each(['a', '[a]', '[[{p: 1}]]', '', '*list'])('cannot merge %j', (what) => {
    expect(problemsOf(`${HEAD}list: &list [{p: 1}]\nx:\n  <<: ${what}\n`)[0]).toContain(
      'error yaml-value 5:',
    );
  });
});

describe('aliases', () => {
  test.each<[string, string, unknown]>([
    [
      'stand for scalars, lists and maps',
      'a: &a 1\nb: &b [*a]\nx: {p: *b, q: [*a, *b]}\n',
      { p: [1], q: [1, [1]] },
    ],
    ['mean the anchor before them', 'a: &a 1\nb: *a\nc: &a 2\nx: *a\n', 2],
    ['may be keys', 'a: &a p\nx: {*a : 1}\n', { p: 1 }],
    ['keep the meaning of their scalar', 'a: &a "80"\nx: *a\n', '80'],
  ])('%s', (_, lines, value) => expect(valueOfX(lines)).toEqual(value));

  test.each([
    ['x: *a\n', 'error yaml-syntax 3:4'],
    ['x: &a [*a]\n', 'error yaml-value 3:8'],
    ['x: &a {y: {z: *a}}\n', 'error yaml-value 3:15'],
    ['a: &a [1]\nx: {*a : 1}\n', 'error yaml-value 4:5'],
  ])('of %j are refused', (lines, problem) => expect(problemsOf(HEAD + lines)).toEqual([problem]));

  test('may repeat a value often, but not exponentially', () => {
    const list = (item: string, count: number) => `[${Array.from({ length: count }, () => item).join(', ')}]`;
    expect(problemsOf(`${HEAD}a: &a b\nx: ${list('*a', 5000)}\n`)).toEqual([]);
    const bomb = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map(
      (name, index) => `${name}: &${name} ${list(`*${String.fromCharCode(97 + index)}`, 10)}`,
    );
    expect(problemsOf(`${HEAD}a: &a x\n${bomb.join('\n')}\n`)[0]).toContain('error alias-expansion');
  });

  test('are not looked at any more behind the alias that is one too many', () => {
    const keys = Array.from({ length: 2000 }, (_, index) => `k${index}: 1`).join(', ');
    const merges = '  - <<: *x\n'.repeat(200);
    expect(problemsOf(`${HEAD}x: &x {${keys}}\ny:\n${merges}z: *nothing\n`)).toEqual([
      'error alias-expansion 104:9',
    ]);
  });
});

describe('values that JSON does not have', () => {
  test('are all reported, and their document is left out', () => {
    expect(problemsOf(`${HEAD}x: .nan\ny: [-.inf]\n~: 1\n? {a: b}\n: 1\n---\n${HEAD}`)).toEqual([
      'error yaml-value 3:4',
      'error yaml-value 4:5',
      'error yaml-value 5:1',
      'error yaml-value 6:3',
    ]);
    expect(valuesOf(`${HEAD}x: .nan\n---\n${HEAD}`)).toHaveLength(1);
  });
});

describe('what YAML 1.1 allows', () => {
  test.each<[string, string, unknown]>([
    ['lists in brackets at the column of their key', 'x: [\na,\nb\n]\n', ['a', 'b']],
    ['maps in braces that are not indented', 'y:\n  z: {p: 1,\nq: 2}\nx: 1\n', 1],
    ['quotes over lines that are not indented', 'x: "a\nb"\n', 'a b'],
    ['lone carriage returns', 'x: 1\ry: 2\r', 1],
    ['next-line characters', 'y: !!str 2\u0085x: 1\u0085', 1],
    ['collections with tags', 'x: !!set {a}\n', { a: null }],
    ['folded blocks', 'x: >-\n  a\n  b\n', 'a b'],
    ['anchors without aliases', 'x: &a b\n', 'b'],
  ])('%s', (_, lines, value) => expect(valueOfX(lines)).toEqual(value));

  test.each(['%YAML 1.2', '%YAML 2.0', '%YAML 1.1.1', '%FOO bar'])('not the directive %s', (line) => {
    const { diagnostics, manifests } = parseText(`# top\n${line}\n---\n${HEAD}`);
    expect(diagnostics).toMatchObject([{ code: 'yaml-syntax', span: { line: 2, column: 1 } }]);
    expect(manifests).toEqual([]);
  });

  test('directives', () => {
    expect(valuesOf(`%YAML 1.1 # old\n%TAG !e! tag:e,2000:\n---\n${HEAD}x: 010\n---\n${HEAD}`)).toMatchObject(
      [{ x: 8 }, { kind: 'A' }],
    );
    expect(valuesOf(`%TAG !y! tag:yaml.org,2002:\n---\n${HEAD}x: !y!str 1\n`)).toMatchObject([{ x: '1' }]);
  });

  test('an end of documents', () => expect(valuesOf(`${HEAD}...\n---\n${HEAD}...\n`)).toHaveLength(2));
});

describe('what YAML does not allow', () => {
  test.each([
    ['a quote that stays open', `${HEAD}x: "a\ny: 1\n`, 'error yaml-syntax 3:4'],
    ['a bracket that stays open', `${HEAD}x: [a\ny: 1\n`, 'error yaml-syntax 3:4'],
    ['a tab as indentation', `${HEAD}x:\n\ty: 1\n`, 'error yaml-syntax 4:1'],
    ['two values on a line', `${HEAD}x: a: b\n`, 'error yaml-syntax 3:4'],
    ['keys at another column', `${HEAD}x:\n    y: 1\n  z: 2\n`, 'error yaml-syntax 5:3'],
    ['a key without colon', `${HEAD}x\ny: 1\n`, 'error yaml-syntax 3:1'],
    ['reserved characters', `${HEAD}x: @a\n`, 'error yaml-syntax 3:4'],
    ['control characters', `${HEAD}x: a\u0007\n`, 'error yaml-syntax 3:5'],
    ['unknown escapes', `${HEAD}x: "\\d"\n`, 'error yaml-syntax 3:5'],
    ['escapes of half a character', `${HEAD}x: ["a", "b\\ud83d"]\n`, 'error yaml-syntax 3:12'],
    ['escapes of both halves', `${HEAD}"\\ud83d\\ude00": 1\n`, 'error yaml-syntax 3:2'],
    ['the same with eight digits', `${HEAD}x: "\\\\\\U0000D83D"\n`, 'error yaml-syntax 3:7'],
    ['a document after its marker', `--- ${HEAD}`, 'error yaml-syntax 1:5'],
    ['several errors, of which the first counts', `${HEAD}x: ]\ny: @\nz: "\n`, 'error yaml-syntax 3:4'],
  ])('%s', (_, text, problem) => expect(problemsOf(text)).toEqual([problem]));
});
