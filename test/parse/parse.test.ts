import { describe, expect, test } from 'vitest';
import type { FieldPath } from '../../src/model/field-path.ts';
import { parse } from '../../src/parse/parse.ts';
import { parseText, problemsOf, valuesOf } from '../support/parse-text.ts';

/** The text that a field's place marks, with its line and column. */
function marked(
  text: string,
  path: FieldPath,
  { at = 'value', index = 0 }: { at?: 'value' | 'key'; index?: number } = {},
) {
  const span = parseText(text).manifests[index]?.locate(path, at);
  if (span === undefined) return undefined;
  const { text: line, start, length } = span.excerpt;
  return `${span.line}:${span.column} ${line.slice(start, start + length)}`;
}

const A = 'apiVersion: v1\nkind: A\n';

describe('documents', () => {
  test('of YAML are separated by markers', () => {
    expect(valuesOf(`# c\n---\n${A}---\n---\n# nothing\n--- # b\nkind: B\napiVersion: v1\n`)).toEqual([
      { apiVersion: 'v1', kind: 'A' },
      { apiVersion: 'v1', kind: 'B' },
    ]);
  });
  test('of YAML may begin on the line of their marker', () => {
    expect(valuesOf('--- {apiVersion: v1, kind: A}\n')).toEqual([{ apiVersion: 'v1', kind: 'A' }]);
  });
  test('of JSON may stand between markers', () => {
    expect(
      valuesOf('---\n{"apiVersion":"v1","kind":"A"}\n---\n{"apiVersion":"v1",\n"kind":"B"}\n'),
    ).toHaveLength(2);
    expect(valuesOf(`{"apiVersion":"v1","kind":"A"}\n---\n${A}`)).toHaveLength(2);
  });
  test('of JSON may be followed by broken ones', () => {
    expect(problemsOf('{"apiVersion":"v1","kind":"A"}\n{"apiVersion" "v1"}')).toEqual([
      'error yaml-syntax 2:15',
    ]);
    expect(problemsOf(`{"a": [${'1,'.repeat(600_000)}\n]}`)).toEqual(['error yaml-syntax 2:1']);
  });
  test('of JSON may follow one another', () => {
    expect(valuesOf('{"apiVersion":"v1","kind":"A"}\n{"apiVersion":"v1","kind":"B"}')).toHaveLength(2);
  });
  test('that look like JSON may be YAML', () => {
    expect(valuesOf('{apiVersion: v1, kind: A, # c\n  x: [1]}')).toEqual([
      { apiVersion: 'v1', kind: 'A', x: [1] },
    ]);
  });
  test.each(['', '\n\n', '# only a comment\n', '---\n---\n'])('%j holds none', (text) => {
    expect(parseText(text)).toEqual({ manifests: [], diagnostics: [], filesWithObjects: new Set() });
  });
});

describe('lists', () => {
  test('are taken apart, also in each other', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: A}\n- apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: B}\n`;
    expect(parseText(text).manifests.map(({ kind }) => kind)).toEqual(['A', 'B']);
    expect(marked(text, ['kind'], { index: 1 })).toBe('8:28 B');
  });
  test('of one kind imply it', () => {
    const { manifests } = parseText('apiVersion: v1\nkind: ServiceList\nitems:\n- metadata: {name: a}\n');
    expect(manifests).toMatchObject([{ kind: 'Service', apiVersion: 'v1', name: 'a' }]);
  });
  test('may be empty, and are objects all the same', () => {
    const { manifests, diagnostics, filesWithObjects } = parseText('apiVersion: v1\nkind: List\nitems:\n');
    expect([manifests, diagnostics]).toEqual([[], []]);
    expect([...filesWithObjects]).toEqual(['web.yaml']);
  });
  test('must have items that are a list', () => {
    expect(problemsOf('apiVersion: v1\nkind: List\nitems: {a: b}\n')).toEqual(['error list-items 3:8']);
    expect(problemsOf('apiVersion: v1\nkind: PodList\nitems: a\n')).toEqual(['error list-items 3:8']);
  });
  test('must have items that are objects', () => {
    const items = '- 5\n- null\n- []\n- {kind: A}\n- {apiVersion: v1, kind: A}\n- {metadata: {}}\n';
    expect(problemsOf(`apiVersion: v1\nkind: List\nitems:\n${items}`)).toEqual([
      'error list-items 4:3',
      'error list-items 5:3',
      'error list-items 6:3',
      'error manifest-has-api-version 7:10',
      'error manifest-has-api-version 9:3',
      'error manifest-has-kind 9:3',
    ]);
  });
  test('are told from objects of kinds that end like theirs', () => {
    expect(valuesOf('apiVersion: v1\nkind: AllowList\nspec: {}\n')).toHaveLength(1);
  });
  test('in each other do not exhaust the stack', () => {
    const list = '{"apiVersion":"v1","kind":"List","items":['.repeat(49);
    expect(valuesOf(`${list}{"apiVersion":"v1","kind":"A"}${']}'.repeat(49)}`)).toHaveLength(1);
  });
  test('say to which of their objects a warning belongs', () => {
    const item = '{apiVersion: v1, kind: Service, metadata: {name: web, name: api, namespace: shop}}';
    const { diagnostics } = parseText(`apiVersion: v1\nkind: List\nitems:\n- ${item}\n`);
    expect(diagnostics).toMatchObject([
      { code: 'duplicate-key', object: 'Service shop/api', field: ['metadata', 'name'] },
    ]);
  });
});

describe('what is no manifest', () => {
  test.each([
    ['a: b\n', 'warning not-a-manifest 1:1'],
    ['apiVersion: v2\nname: chart\n', 'warning not-a-manifest 1:1'],
    ['- a\n', 'warning not-a-manifest 1:1'],
    ['hello\n', 'warning not-a-manifest 1:1'],
    ['[{"apiVersion":"v1","kind":"A"}]', 'error manifest-is-map 1:1'],
    ['kind: DaemonSet\nimage: x\n', 'warning not-a-manifest 1:1'],
    ['[{"a": 1}]', 'warning not-a-manifest 1:1'],
    ['kind: 5\napiVersion: v1\n', 'error manifest-has-kind 1:7'],
    ['kind: Service\napiVersion: ""\n', 'error manifest-has-api-version 2:13'],
    ['kind:\napiVersion:\n', 'warning not-a-manifest 1:1'],
    ['metadata: {}\nkind: Service\n', 'error manifest-has-api-version 2:7'],
    ['apiVersion: v1\nspec: {}\n', 'error manifest-has-kind 1:13'],
  ])('%j', (text, problem) => expect(problemsOf(text)).toEqual([problem]));
});

describe('what cannot be read', () => {
  test.each([
    ['broken YAML', `${A}  x: [1\n`, 'error yaml-syntax 2:7'],
    ['broken JSON', '{"kind": "A" "b"}', 'error yaml-syntax'],
    ['an unknown alias', 'kind: *x\n', 'error yaml-syntax 1:7'],
    ['not-a-number', `${A}x: .nan\n`, 'error yaml-value 3:4'],
    ['keys that are lists', `${A}? [a]\n: b\n`, 'error yaml-value 3:3'],
    ['merging a scalar', `${A}<<: a\n`, 'error yaml-value 3:5'],
    ['a template', `${A}x: {{ .Values.x }}\n`, 'error unrendered-template 3:4'],
    ['a template in control', `{{- if .x }}\n${A}{{- end }}\n`, 'error unrendered-template 1:1'],
    ['deep flow', '['.repeat(1e6), 'error nesting-depth 1:1'],
    ['deep blocks', '- '.repeat(1e6), 'error nesting-depth 1:201'],
    [
      'deep maps',
      Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'error nesting-depth',
    ],
  ])('%s', (_, text, problem) => expect(problemsOf(text)[0]).toContain(problem));

  test('an alias bomb', () => {
    const bomb = [...'abcdefghi'].map((name, level) =>
      level === 0
        ? `${name}: &${name} [${'x,'.repeat(9)}x]`
        : `${name}: &${name} [${`*${'abcdefghi'.charAt(level - 1)},`.repeat(10).slice(0, -1)}]`,
    );
    expect(problemsOf(bomb.join('\n'))[0]).toContain('error alias-expansion');
  });

  test.each([
    ['bytes that are no UTF-8', [0x61, 0xff, 0x62]],
    ['NUL characters', [0x61, 0, 0x62]],
  ])('%s', (_, bytes) => {
    const { diagnostics, manifests } = parse([{ path: 'x', bytes: Uint8Array.from(bytes) }]);
    expect(manifests).toEqual([]);
    expect(diagnostics).toMatchObject([
      { code: 'text-file', severity: 'error', span: { file: 'x', line: 1 } },
    ]);
  });

  test('does not hide the documents beside it', () => {
    expect(parseText(`${A}---\nx: [\n---\n${A}`).manifests).toHaveLength(2);
  });
});

describe('values', () => {
  test.each([
    ['byte order marks', `\ufeff${A}`, { apiVersion: 'v1', kind: 'A' }],
    ['carriage returns', 'apiVersion: v1\r\nkind: A\r\n', { apiVersion: 'v1', kind: 'A' }],
    [
      'merge keys',
      `b: &b {x: 1, z: 2}\n${A}m:\n  <<: *b\n  x: 3\n`,
      { b: { x: 1, z: 2 }, apiVersion: 'v1', kind: 'A', m: { z: 2, x: 3 } },
    ],
    ['key types', `${A}80: a\non: b\n`, { apiVersion: 'v1', kind: 'A', 80: 'a', true: 'b' }],
    [
      'tags',
      `${A}x: !!str 80\ny: !!binary aGk=\nz: !Ref a\n`,
      { apiVersion: 'v1', kind: 'A', x: '80', true: 'hi', z: 'a' },
    ],
  ])('%s', (_, text, value) => expect(valuesOf(text)).toEqual([value]));

  test.each([`${A}__proto__: {polluted: 1}\n`, '{"apiVersion":"v1","kind":"A","__proto__":{"polluted":1}}'])(
    'keep %j to themselves',
    (text) => {
      const [value] = valuesOf(text);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Object.hasOwn(Object(value), '__proto__')).toBe(true);
    },
  );

  test('warn of duplicate keys and take the last', () => {
    const yaml = 'apiVersion: v1\nkind: A\nkind: B\n';
    const json = '{"apiVersion":"v1","kind":"A",\n"kind":"B"}';
    expect(valuesOf(yaml)).toEqual(valuesOf(json));
    expect(problemsOf(yaml)).toEqual(['warning duplicate-key 3:1']);
    expect(problemsOf(json)).toEqual(['warning duplicate-key 2:1']);
    expect(parseText(yaml).diagnostics[0]?.related).toMatchObject([{ span: { line: 2, column: 1 } }]);
  });
});

describe('places', () => {
  const fast = `# first\n---\n${A}spec:\n  ports:\n  - port: 80 # web\n    name: "http"\n  - {port: 81, tags: [a, b]}\n  empty:\n  text: |\n    x\n`;
  const texts = {
    'fast reader': fast,
    'general reader': fast.replace('kind: A', 'kind: !!str A'),
  };
  for (const [reader, text] of Object.entries(texts)) {
    test.each<[FieldPath, string]>([
      [['spec', 'ports', 0, 'port'], '7:11 80'],
      [['spec', 'ports', 0, 'name'], '8:11 "http"'],
      [['spec', 'ports', 1, 'port'], '9:12 81'],
      [['spec', 'ports', 1, 'tags', 1], '9:26 b'],
      [['spec', 'ports', 1], '9:5 {port: 81, tags: [a, b]}'],
      [['spec', 'ports'], '6:3 ports'],
      [['spec', 'empty'], '10:3 empty'],
      [['spec', 'ports', 0, 'protocol'], '7:5 port: 80'],
      [['spec', 'missing', 'deeper'], '5:1 spec'],
    ])(`${reader}: %j`, (path, expected) =>
      expect(marked(text, path)?.slice(0, expected.length)).toBe(expected),
    );

    test(`${reader}: keys`, () =>
      expect(marked(text, ['spec', 'ports', 1, 'tags'], { at: 'key' })).toBe('9:16 tags'));
  }

  test('JSON', () => {
    const text =
      '{"apiVersion": "v1", "kind": "List", "items": [\n  {"apiVersion":"v1","kind":"A"},\n  {"apiVersion":"v1","kind":"B","spec":{"a\\"b":[1,{"port":80}]}}]}';
    const index = 1;
    expect(marked(text, ['spec', 'a"b', 1, 'port'], { index })).toBe('3:59 80');
    expect(marked(text, ['spec', 'nope'], { index })).toBe('3:33 "spec"');
    expect(marked(text, ['kind'], { index, at: 'key' })).toBe('3:22 "kind"');
  });

  test('lead through aliases and merge keys', () => {
    const text = `base: &base {port: 80}\n${A}a: *base\nb:\n  <<: *base\nc: &p 81\nd: *p\n`;
    expect(marked(text, ['a', 'port'])).toBe('1:20 80');
    expect(marked(text, ['b', 'port'])).toBe('1:20 80');
    expect(marked(text, ['d'])).toBe('7:7 81');
    expect(marked(text, ['d'], { at: 'key' })).toBe('8:1 d');
  });

  test('are those of the keys that count', () => {
    expect(marked(`${A}b: &b {port: 1}\nx: {port: 2, <<: *b, port: 3, <<: *b}\n`, ['x', 'port'])).toBe(
      '3:14 1',
    );
    expect(marked(`${A}x: {port: 2, port: 3}\n`, ['x', 'port'])).toBe('3:20 3');
    expect(marked(`${A}x: {<<: [{port: 1}, {port: 2}]}\n`, ['x', 'port'])).toBe('3:17 1');
    expect(marked('{"apiVersion":"v1","kind":"A","port":2,"port":3}', ['port'])).toBe('1:47 3');
    expect(marked(`${A}on: {80: a}\n`, ['true', '80'])).toBe('3:10 a');
  });

  test('count from the file, not from the document', () => {
    const text = `\ufeff# one\r\n---\r\n${A}...\r\n---\r\n${A}x: é💥\r\nw: !a {z: 1}\r\n`;
    expect(marked(text, ['w', 'z'], { index: 1 })).toBe('10:11 1');
    expect(marked(text, ['x'], { index: 1 })).toBe('9:4 é💥');
  });

  test('cut long lines to a window', () => {
    const text = `{"apiVersion":"v1","kind":"A","pad":"${'x'.repeat(500)}","port":80,"more":"${'y'.repeat(500)}"}`;
    const span = parseText(text).manifests[0]?.locate(['port']);
    expect(span?.excerpt.text.length).toBeLessThanOrEqual(120);
    expect(marked(text, ['port'])).toMatch(/ 80$/);
  });
});
