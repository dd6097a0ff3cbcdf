import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { compileSchemas } from '../../scripts/compile-schemas.mjs';
import { parse } from '../../src/parse/parse.ts';
import { kindReaders } from '../../src/validate/kind-readers.ts';

const schemas = readdirSync('schemas')
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, schema: JSON.parse(readFileSync(`schemas/${file}`, 'utf8')) }));
const formats = ['int32', 'int64', 'int-or-string', 'date-time', 'quantity', 'byte'];
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false });
ajv.addVocabulary(['x-since', 'x-until', 'x-kept-since', 'x-document']);
for (const format of formats) ajv.addFormat(format, true);
for (const { schema } of schemas) ajv.addSchema(schema);

const conformance = 'fixtures/conformance/cases';
const inputs = [
  ...readdirSync(conformance).map((name) => `${conformance}/${name}/input.yaml`),
  ...readdirSync('fixtures/quickstart').map((name) => `fixtures/quickstart/${name}`),
].filter((path) => path.endsWith('.yaml'));

test.each(schemas.map(({ file, schema }) => [file, schema] as const))(
  '%s is a schema with an id of its own',
  (file, schema) => {
    expect(schema.$id).toBe(file);
    expect(() => ajv.getSchema(file)).not.toThrow();
  },
);

test('there is a schema for every kind that is read', () => {
  const older = ['v1alpha1', 'v1beta1'].map((version) => `networking.k8s.io/${version} ServiceCIDR`);
  const kinds = schemas.map(
    ({ schema }) => `${schema.properties?.apiVersion?.const} ${schema.properties?.kind?.const}`,
  );
  expect([...kinds, ...older]).toEqual(expect.arrayContaining([...kindReaders.keys()]));
});

describe.each(inputs)('%s', (path) => {
  const { manifests } = parse([{ path, bytes: readFileSync(path) }]);
  test.each(manifests.map(({ kind, name, value }) => [kind, name, value] as const))(
    '%s %s is valid',
    (kind, _, value) => {
      const file = schemas.find(({ schema }) => schema.properties?.kind?.const === kind)?.file;
      if (file === undefined) return;
      const validate = ajv.getSchema(file);
      expect(validate?.(value), JSON.stringify(validate?.errors)).toBe(true);
    },
  );
});

test('src/validate/generated is what the schemas make (npm run build)', () => {
  const { script, types } = compileSchemas();
  expect(readFileSync('src/validate/generated/shapes.js', 'utf8') === script).toBe(true);
  expect(readFileSync('src/validate/generated/shapes.d.ts', 'utf8') === types).toBe(true);
});
