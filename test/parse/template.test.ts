import { describe, expect, test } from 'vitest';
import { parseText, problemsOf } from '../support/parse-text.ts';

const HEAD = 'apiVersion: v1\nkind: Service\nmetadata:\n';

describe('templates', () => {
  test.each([
    ['actions for values', `${HEAD}  name: {{ .Values.name }}\n`, '4:9'],
    ['actions on lines of their own', `# c\n{{- if .Values.x }}\n${HEAD}{{- end }}\n`, '2:1'],
    ['actions in lists', `${HEAD}  finalizers:\n  - {{ .x }}\n`, '5:5'],
    ['a file that begins with one', '{{ include "service" . }}\n', '1:1'],
    ['actions for names, all in quotes', `${HEAD}  name: "{{ .Values.name }}"\n`, '4:9'],
    [
      'actions for namespaces, in quotes',
      `${HEAD}  name: a\n  namespace: '{{ .Release.Namespace }}'\n`,
      '5:14',
    ],
    ['actions for kinds, in quotes', `apiVersion: v1\nkind: "{{ .kind }}"\n`, '2:7'],
    ['a part of a name', `${HEAD}  name: web-{{ .x }}\n`, '4:9'],
    ['actions in JSON', '{"apiVersion": "v1", "kind": "A", "x": {{ .x }}}', '1:40'],
  ])('%s', (_, text, place) => expect(problemsOf(text)).toEqual([`error unrendered-template ${place}`]));

  test('are named once a file', () => {
    const text = `${HEAD}  name: {{ .a }}\n---\n${HEAD}  name: {{ .b }}\n---\nx: "\n---\n{{ .c }}\n`;
    expect(problemsOf(text)).toEqual(['error unrendered-template 4:9', 'error yaml-syntax 11:4']);
  });

  test('keep what the parser has to say, should it be no template', () => {
    const text = `${HEAD}  name: a\n  annotations:\n    text: |\n      {{ define "x" }}\ndata: [\n`;
    expect(parseText(text).diagnostics).toMatchObject([
      { code: 'unrendered-template', related: [{ span: { line: 8 } }] },
    ]);
  });

  test.each([
    ['in annotations', `${HEAD}  name: a\n  annotations:\n    x: "{{ $labels.pod }}"\n`],
    ['in blocks', `${HEAD}  name: a\ndata:\n  x: |\n    {{ range . }}\n    {{ end }}\n`],
    ['that are none', `${HEAD}  name: a\nx: {a: {b: {}}}\n`],
  ])('are not suspected because of double braces %s', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
    expect(parseText(text).manifests).toHaveLength(1);
  });

  test('are not suspected where the error is an ordinary one', () => {
    const text = `${HEAD}  name: a\n  annotations:\n    x: "{{ $labels.pod }}"\n  - b\n`;
    expect(problemsOf(text)[0]).toContain('error yaml-syntax 7:');
  });
});
