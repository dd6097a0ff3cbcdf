import { expect, test } from 'vitest';
import { parseInTurn } from '../../src/parse/parse.ts';

const HEAD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.com
`;

function read(text: string, skims = true) {
  const files = [{ path: 'crd.yaml', bytes: new TextEncoder().encode(text) }];
  const { made, diagnostics } = parseInTurn(files, (manifests) => [...manifests], {
    isThorough: !skims,
    skims,
  });
  return {
    values: made.map(({ value }) => value),
    manifests: made,
    codes: diagnostics.map(({ code }) => code),
  };
}

const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
};

test.each([
  ['a schema', 'spec:\n  group: example.com\n'],
  ['blank lines, comments and a status', 'spec:\n\n# a\n  group: b\nstatus:\n  conditions: []\n'],
  ['what is no YAML', 'spec:\n  a: [\n'],
  ['no line break at the end', 'spec:\n  a: b'],
])('of a definition only the head is read: %s', (_, spec) => {
  expect(read(HEAD + spec)).toMatchObject({ values: [DEFINITION], codes: [] });
});

test('what stands behind it is read as ever', () => {
  const { values, manifests } = read(`${HEAD}spec:\n  a: b\n---\nkind: Service\napiVersion: v1\n`);
  expect(values).toEqual([DEFINITION, { kind: 'Service', apiVersion: 'v1' }]);
  expect(manifests.map(({ locate }) => locate(['kind']).line)).toEqual([2, 8]);
});

test.each([
  ['another kind', HEAD.replace('CustomResourceDefinition', 'Service')],
  ['another API version', HEAD.replace('apiextensions.k8s.io/v1', 'v1')],
  ['another kind around the text', `${HEAD.replace('kind:', '"kind": Service\nx: "\nkind:').trimEnd()}"\n`],
])('the rest counts for %s', (_, head) => {
  expect(read(`${head}spec:\n  a: b\n`).values[0]).toHaveProperty('spec', { a: 'b' });
});

test.each([
  ['an entry behind it', 'spec:\n  a: b\nkind: Service\n'],
  ['a list', 'spec:\n- a\n'],
  ['a directive of a patch', 'spec:\n  $patch: delete\n'],
  ['an entry behind a carriage return', 'spec:\n  a: b\rkind: Service\n'],
  ['a document behind a carriage return', 'spec:\n  a: b\r---\rkind: Service\n'],
  ['an entry behind a line break of YAML 1.1', 'spec:\n  a: b\u0085kind: Service\n'],
  ['a separator of lines', 'spec:\n  a: b\u2028kind: Service\n'],
])('the rest counts where it holds %s', (_, spec) => {
  expect(read(HEAD + spec)).toEqual({ ...read(HEAD + spec, false), manifests: expect.anything() });
});

test('a template is told from a definition', () => {
  expect(read(`${HEAD}spec:\n  a: {{ .Values.a }}\n`).codes).toEqual(['unrendered-template']);
});

test('with --strict all of it is read', () => {
  expect(read(`${HEAD}spec:\n  a: [\n`, false).codes).toEqual(['yaml-syntax']);
});
