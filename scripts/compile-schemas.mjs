// Compiles schemas/*.json into src/validate/generated/: shapes.js has, for each kind, a function that tells whether
// an object has the shape that the API server's decoder wants and no unknown field, and the shapes as data, from
// which src/validate/shape explains what is wrong when it has not; also, for each kind, the fields that not every version
// of Kubernetes has. shapes.d.ts has the types of such objects.
// Run by scripts/build.mjs, or on its own.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { transformSync } from 'esbuild';

const root = new URL('../', import.meta.url);

const LEAP_DAY = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29';
const LONG_MONTH = '(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])';
const SHORT_MONTH = '(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)';
const DATE = `(?:\\d{4}-(?:${LONG_MONTH}|${SHORT_MONTH}|02-(?:0[1-9]|1\\d|2[0-8]))|${LEAP_DAY})`;
const TIME = '(?:[01]?\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:[.,]\\d+)?(?:Z|[+-](?:[01]\\d|2[0-4]):[0-5]\\d)';

/** What the decoder itself checks of a value, by format; everything else about values is for rules. */
const FORMATS = {
  int32: { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  'int-or-string': { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  int64: { minimum: -(2 ** 63), maximum: 2 ** 63 },
  'date-time': { pattern: `^${DATE}T${TIME}$` },
  quantity: { pattern: '^ *(?=[^ ])[+-]?\\d*(?:\\.\\d*)?(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d+)? *$' },
};

/** @returns {Map<string, object>} by name: `service`, `pod-spec`, … */
function readSchemas() {
  const folder = new URL('schemas/', root);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const read = (file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  return new Map(files.sort().map((file) => [file.replace('.json', ''), read(file)]));
}

/**
 * The decoder's view of a schema: types, known fields and formats. Required fields, enums, lengths and patterns
 * are for editors: the API server checks them after defaulting, and so do our rules. null means absent.
 */
function toShape(schema, file) {
  const shape = {};
  if (schema.$ref !== undefined) shape.$ref = definitionName(schema.$ref, file);
  if (schema.type !== undefined) shape.type = [schema.type, 'null'].flat();
  if (FORMATS[schema.format] !== undefined) shape.format = schema.format;
  if (schema.items !== undefined) shape.items = toShape(schema.items, file);
  if (typeof schema.additionalProperties === 'object') {
    shape.additionalProperties = toShape(schema.additionalProperties, file);
  }
  if (schema.properties === undefined) return shape;
  const properties = Object.entries(schema.properties).map(([key, value]) => [key, toShape(value, file)]);
  return { ...shape, properties: Object.fromEntries(properties) };
}

/**
 * Fields that not every version of Kubernetes has (`x-since`, `x-until`) or keeps (`x-kept-since`), by kind, a line each:
 * `spec.volumes.*.image 1.31 - -`, where `*` is each item of a list. A field that came and went with the one that it is in
 * is left out.
 */
function collectVersionedFields() {
  const schemas = readSchemas();
  const visit = (schema, { file, path, outer }) => {
    const lines = [];
    if (schema.$ref !== undefined) {
      const [, inFile, name] = definitionName(schema.$ref, file).split('/');
      lines.push(...visit(schemas.get(inFile).definitions[name], { file: inFile, path, outer }));
    }
    if (schema.items !== undefined) lines.push(...visit(schema.items, { file, path: `${path}.*`, outer }));
    for (const [key, value] of Object.entries(schema.properties ?? {})) {
      const { 'x-since': since = '-', 'x-until': until = '-', 'x-kept-since': keptSince = '-' } = value;
      const life = `${since} ${until}`;
      const inner = path === '' ? key : `${path}.${key}`;
      if ((life !== '- -' && life !== outer) || keptSince !== '-') {
        lines.push(`${inner} ${life} ${keptSince}`);
      }
      lines.push(...visit(value, { file, path: inner, outer: life === '- -' ? outer : life }));
    }
    return lines;
  };
  const kinds = [...schemas].filter(([, schema]) => schema.properties?.kind !== undefined);
  return Object.fromEntries(
    kinds.map(([file, schema]) => [file, visit(schema, { file, path: '', outer: '' }).join('\n')]),
  );
}

/** `object-meta.json#/definitions/ObjectMeta` is `/object-meta/ObjectMeta`. */
function definitionName(ref, file) {
  const [target, name] = ref.split('#/definitions/');
  return `/${target === '' ? file : target.replace('.json', '')}/${name}`;
}

/** @returns {{ kinds: object, definitions: object, formats: object }} shapes by name */
function collectShapes() {
  const kinds = {};
  const definitions = {};
  for (const [file, schema] of readSchemas()) {
    if (schema.properties?.kind !== undefined || schema['x-document'] === true)
      kinds[file] = toShape(schema, file);
    for (const [name, definition] of Object.entries(schema.definitions ?? {})) {
      definitions[`/${file}/${name}`] = toShape(definition, file);
    }
  }
  return { kinds, definitions, formats: FORMATS };
}

/** What ajv makes code of: formats become ranges and patterns, and unknown fields are refused. */
function toAjvSchema(shape) {
  if (shape.$ref !== undefined) return { $ref: shape.$ref };
  const { format, properties, items, additionalProperties, ...rest } = shape;
  const schema = { ...rest, ...FORMATS[format] };
  if (items !== undefined) schema.items = toAjvSchema(items);
  if (additionalProperties !== undefined) schema.additionalProperties = toAjvSchema(additionalProperties);
  if (properties === undefined) return schema;
  const checked = Object.entries(properties).map(([key, value]) => [key, toAjvSchema(value)]);
  return { ...schema, additionalProperties: false, properties: Object.fromEntries(checked) };
}

/** One function for each definition (`inlineRefs: false`): V8 takes long to compile large ones, and is slow till then. */
function compileValidators({ kinds, definitions }) {
  const code = { source: true, esm: true, optimize: 2 };
  const ajv = new Ajv({ allowUnionTypes: true, inlineRefs: false, messages: false, code });
  for (const [name, shape] of Object.entries(definitions)) ajv.addSchema(toAjvSchema(shape), name);
  const exported = {};
  for (const [name, shape] of Object.entries(kinds)) {
    ajv.addSchema(toAjvSchema(shape), `/kind/${name}`);
    exported[`is${pascalCase(name)}`] = `/kind/${name}`;
  }
  const compiled = withoutErrors(standaloneCode(ajv, exported));
  const leftover = /\b(?:vErrors|errors|_errs\d+|valid\d+|schema\d+|func\d+)\b/.exec(compiled);
  if (leftover !== null) throw new Error(`ajv writes code that withoutErrors does not know: ${leftover[0]}`);
  return compiled;
}

function pascalCase(name) {
  const words = name.split('-').map((word) => `${word[0].toUpperCase()}${word.slice(1)}`);
  return words.join('').replace('Cidr', 'CIDR');
}

/**
 * Yes or no is all that is asked, and the first failure returns: what ajv writes to count and report errors is dead
 * weight then, and so are its copies of the schemas.
 */
function withoutErrors(code) {
  const schemas = {};
  for (const [, name, json] of code.matchAll(/const (schema\d+) = (\{.*?\});(?=const|function|export|$)/gm)) {
    schemas[name] = JSON.parse(json);
  }
  return code
    .replace(/const schema\d+ = \{.*?\};(?=const|function|export|$)/gm, '')
    .replace(/const func\d+ = Object\.prototype\.hasOwnProperty;/g, '')
    .replace(/func\d+\.call\((schema\d+)([.\w"[\]-]*), (key\d+)\)/g, (_, name, path, key) => {
      const known = path
        .split('.')
        .slice(1)
        .reduce((value, step) => value[step], schemas[name]);
      return Object.keys(known)
        .map((field) => `${key} === ${JSON.stringify(field)}`)
        .join(' || ');
    })
    .replace(/validate\d+\.errors = \[\{.*?\}\];\s*return false;/g, 'return false;')
    .replace(
      /vErrors = vErrors === null \? (validate\d+)\.errors : vErrors\.concat\(\1\.errors\);\s*errors = vErrors\.length;/g,
      'return false;',
    )
    .replace(/validate\d+\.errors = vErrors;\s*return errors === 0;/g, 'return true;')
    .replace(/let vErrors = null;let errors = 0;/g, '')
    .replace(/(?:const|let|var) _errs\d+ = errors;/g, '')
    .replace(/else \{var valid\d+ = true;\}/g, '')
    .replace(/(?:const|let|var) valid\d+ = (?:_errs\d+ === errors|true);/g, '')
    .replace(/if\(!valid\d+\)\{break;\}/g, '')
    .replace(/if\((?:valid\d+|errors === _errs\d+|_errs\d+ === errors|errors === 0)\)\{/g, '{')
    .replace(/return false;break;/g, 'return false;')
    .replace(/\{instancePath="", parentData, parentDataProperty, rootData=data\}=\{\}/g, '_')
    .replace(/, \{instancePath:.*?,rootData\}/g, '');
}

/** TypeScript types of what has passed. Names that several schemas define get their schema's name in front. */
function writeTypes({ kinds, definitions }) {
  const plainNames = Object.keys(definitions).map((path) => path.split('/')[2]);
  const typeName = (path) => {
    const [, file, name] = path.split('/');
    return plainNames.filter((plain) => plain === name).length > 1 ? `${pascalCase(file)}${name}` : name;
  };
  const lines = ['// Made by scripts/compile-schemas.mjs.'];
  const write = (name, shape) => lines.push(`export type ${name} = ${typeOf(shape, typeName)};`);
  for (const [path, shape] of Object.entries(definitions)) write(typeName(path), shape);
  for (const [file, shape] of Object.entries(kinds)) {
    write(pascalCase(file), shape);
    lines.push(`export function is${pascalCase(file)}(value: unknown): value is ${pascalCase(file)};`);
  }
  lines.push('export const shapesJson: string;');
  lines.push('export const versionedFields: { readonly [kind: string]: string };');
  return `${lines.join('\n')}\n`;
}

function typeOf(shape, typeName) {
  if (shape.$ref !== undefined) return typeName(shape.$ref);
  if (shape.type === undefined) return 'unknown';
  const names = shape.type
    .filter((type) => type !== 'null')
    .map((type) => {
      if (type === 'integer') return 'number';
      if (type === 'array') return `readonly (${typeOf(shape.items, typeName)} | null)[]`;
      if (type !== 'object') return type;
      if (shape.properties === undefined)
        return `{ readonly [key: string]: ${typeOf(shape.additionalProperties, typeName)} | null }`;
      const fields = Object.entries(shape.properties).map(
        ([key, value]) => `readonly ${JSON.stringify(key)}?: ${typeOf(value, typeName)} | null`,
      );
      return `{ ${fields.join('; ')} }`;
    });
  return names.join(' | ');
}

/** @returns {{ script: string, types: string }} the texts of shapes.js and shapes.d.ts */
export function compileSchemas() {
  const shapes = collectShapes();
  const json = `export const shapesJson = ${JSON.stringify(JSON.stringify(shapes))};
export const versionedFields = ${JSON.stringify(collectVersionedFields())};`;
  const { code } = transformSync(`${compileValidators(shapes)}\n${json}`, { minify: true, format: 'esm' });
  return { script: `// Made by scripts/compile-schemas.mjs.\n${code}`, types: writeTypes(shapes) };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = new URL('src/validate/generated/', root);
  const { script, types } = compileSchemas();
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('shapes.js', folder), script);
  writeFileSync(new URL('shapes.d.ts', folder), types);
}
