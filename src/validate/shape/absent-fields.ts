import type { FieldPath } from '../../model/field-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { KubernetesVersion } from '../../model/kubernetes-version.ts';
import { versionedFields } from '../generated/shapes.js';
import type { ShapeFinding } from './explain-shape.ts';

/** A field of a kind that the API server of a version has no use for. */
export interface AbsentField {
  /** `*`: each item of a list. */
  readonly path: readonly string[];
  readonly code: 'unknown-field' | 'field-dropped';
  /** Goes on from "… ignores: " or "… drops it: ". */
  readonly reason: string;
}

export interface AbsentFields {
  /** The decoder does not know them: it looks at nothing in them. */
  readonly unknown: readonly AbsentField[];
  /** The decoder knows them, and they are cleared afterwards. */
  readonly dropped: readonly AbsentField[];
}

/**
 * The fields of a kind that this version does not know, or clears because their feature gate is off by default
 * (`x-since`, `x-until` and `x-kept-since` in schemas/). Nearly always there are none that an object has.
 * @param schema file name in schemas/ without its ending
 */
export function absentFields(schema: string, { minor }: KubernetesVersion): AbsentFields {
  const absent = (versionedFields[schema] ?? '').split('\n').flatMap((line): readonly AbsentField[] => {
    const [path = '', since = '-', until = '-', keptSince = '-'] = line.split(' ');
    const found = (code: AbsentField['code'], reason: string) => [{ path: path.split('.'), code, reason }];
    if (minorOf(since) > minor) return found('unknown-field', `${since} is the first version that has it`);
    if (until !== '-' && minorOf(until) < minor) {
      return found('unknown-field', `${until} was the last version that had it`);
    }
    if (keptSince === 'never')
      return found('field-dropped', 'in all versions so far it takes a feature gate');
    return minorOf(keptSince) > minor
      ? found('field-dropped', `before ${keptSince} it takes a feature gate`)
      : [];
  });
  return {
    unknown: absent.filter(({ code }) => code === 'unknown-field'),
    dropped: absent.filter(({ code }) => code === 'field-dropped'),
  };
}

/** `1.34` is 34, `-` nothing. */
function minorOf(version: string): number {
  return version === '-' ? 0 : Number(version.slice(2));
}

/** Where an object has such fields, each place once. */
export function findAbsentFields(
  value: JsonObject,
  fields: readonly AbsentField[],
  { name }: KubernetesVersion,
): readonly ShapeFinding[] {
  const there = fields.filter(({ path }) => holdsField(value, path));
  return there.flatMap(({ path, code, reason }) =>
    placesOf(value, path).map((place): ShapeFinding => {
      const key = JSON.stringify(path.at(-1));
      const server = `the API server of Kubernetes ${name}`;
      const message =
        code === 'unknown-field'
          ? `unknown field ${key}, which ${server} ignores: ${reason}`
          : `${server} drops ${key}: ${reason}`;
      return {
        code,
        field: place,
        at: 'key',
        message,
        hint: 'leave it out, or name the version of the cluster',
      };
    }),
  );
}

/** Nearly always false, and asked of all objects: it makes nothing. */
function holdsField(value: JsonValue | undefined, path: readonly string[], from = 0): boolean {
  let field = value;
  for (let index = from; index < path.length; index += 1) {
    const step = path[index] ?? '';
    if (step === '*') {
      return Array.isArray(field) && field.some((item: JsonValue) => holdsField(item, path, index + 1));
    }
    if (!isJsonObject(field) || !Object.hasOwn(field, step)) return false;
    field = field[step];
  }
  return field !== undefined && field !== null;
}

function placesOf(value: JsonValue | undefined, [step, ...rest]: readonly string[]): readonly FieldPath[] {
  if (step === undefined) return value === undefined || value === null ? [] : [[]];
  if (step === '*') {
    if (!Array.isArray(value)) return [];
    return value.flatMap((item, index) => placesOf(item, rest).map((place) => [index, ...place]));
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return [];
  return placesOf(value[step], rest).map((place) => [step, ...place]);
}

/** The object as the API server sees it: without these fields. */
export function withoutFields(value: JsonObject, fields: readonly AbsentField[]): JsonObject {
  let rest: JsonValue = value;
  for (const { path } of fields) rest = withoutField(rest, path);
  return isJsonObject(rest) ? rest : value;
}

/** The same value where there is no such field. */
function withoutField(value: JsonValue, [step = '', ...rest]: readonly string[]): JsonValue {
  if (Array.isArray(value)) {
    return step === '*' ? value.map((item: JsonValue) => withoutField(item, rest)) : value;
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([key]) => key !== step)
      : entries.map(([key, each]) => [key, key === step ? withoutField(each, rest) : each]),
  );
}
