import { MAX_OF_CODE } from '../../diagnostic/collector.ts';
import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { listNames } from '../../diagnostic/report.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { decoderCodes } from '../codes.ts';
import type { Finding } from '../rule.ts';
import { describeTypes, describeValue } from './describe-value.ts';
import type { Shape, ShapeFormat, Shapes } from './shape.ts';

/** A finding of the decoder, with its code. */
export interface ShapeFinding extends Finding {
  readonly code: ShapeCode;
  /** What the value would be with quotes, or without them, where that is what its field takes. */
  readonly meant?: string | number;
  /** How many more of the code there are: the first ones are enough. */
  readonly more?: number;
}
export type ShapeCode = Extract<
  keyof typeof decoderCodes,
  'unknown-field' | 'field-dropped' | 'field-type' | 'integer-size' | 'timestamp-format' | 'quantity-format'
>;

interface Walk {
  readonly shapes: Shapes;
  readonly findings: ShapeFinding[];
  readonly counts: Map<ShapeCode, number>;
}

/** A value, where it is, and the field that the API server names for it (of a map's values: the map). */
interface Visit {
  readonly value: unknown;
  readonly path: FieldPath;
  readonly field: FieldPath;
}

/**
 * Says where and how an object differs from the shape of its kind: every wrong type and unknown field. Slow: only
 * for objects that the compiled check of the same shape has refused.
 * @param kind file name in schemas/ without its ending
 */
export function explainShape(value: unknown, kind: string, shapes: Shapes): readonly ShapeFinding[] {
  const walk: Walk = { shapes, findings: [], counts: new Map() };
  const shape = shapes.kinds[kind];
  if (shape !== undefined) visitValue({ value, path: [], field: [] }, shape, walk);
  return withMore(walk);
}

function note({ findings, counts }: Walk, code: ShapeCode, make: () => Omit<ShapeFinding, 'code'>): void {
  const count = (counts.get(code) ?? 0) + 1;
  counts.set(code, count);
  if (count <= MAX_OF_CODE) findings.push({ code, ...make() });
}

/** The first finding of a code says how many there are that were not kept. */
function withMore({ findings, counts }: Walk): readonly ShapeFinding[] {
  return findings.map((finding) => {
    const more = (counts.get(finding.code) ?? 0) - MAX_OF_CODE;
    counts.delete(finding.code);
    return more > 0 ? { ...finding, more } : finding;
  });
}

function visitValue(visit: Visit, reference: Shape, walk: Walk): void {
  const shape = reference.$ref === undefined ? reference : (walk.shapes.definitions[reference.$ref] ?? {});
  const { value } = visit;
  if (shape.type === undefined || value === null || value === undefined) return;
  if (!shape.type.some((type) => hasType(value, type))) {
    const { path, field } = visit;
    note(walk, 'field-type', () => {
      const message = `must be ${describeTypes(shape)}, not ${describeValue(value)}`;
      return { field, place: path, message, ...correction(value, shape) };
    });
  } else if (isJsonObject(value)) visitFields(visit, value, shape, walk);
  else if (Array.isArray(value)) visitItems(visit, value, shape, walk);
  else checkFormat(visit, shape, walk);
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number') return Number.isFinite(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  return typeof value === type;
}

function visitItems({ path, field }: Visit, items: readonly unknown[], shape: Shape, walk: Walk): void {
  const { items: itemShape } = shape;
  if (itemShape === undefined) return;
  for (const [index, value] of items.entries()) {
    visitValue({ value, path: [...path, index], field: [...field, index] }, itemShape, walk);
  }
}

function visitFields({ path, field }: Visit, fields: object, shape: Shape, walk: Walk): void {
  const { properties, additionalProperties } = shape;
  for (const [key, value] of Object.entries(fields)) {
    const inner = [...path, key];
    if (additionalProperties !== undefined)
      visitValue({ value, path: inner, field }, additionalProperties, walk);
    if (properties === undefined) continue;
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known === undefined) reportUnknown(inner, properties, walk);
    else visitValue({ value, path: inner, field: [...field, key] }, known, walk);
  }
}

function reportUnknown(path: FieldPath, properties: object, walk: Walk): void {
  note(walk, 'unknown-field', () => {
    const key = String(path.at(-1));
    const known = Object.keys(properties);
    const meant = didYouMean(key, known);
    return {
      field: path,
      at: 'key',
      message: `unknown field ${JSON.stringify(key)}, which the API server ignores`,
      hint:
        meant === undefined
          ? `known here: ${listNames(known.sort())}`
          : `did you mean ${JSON.stringify(meant)}?`,
    };
  });
}

function checkFormat({ value, path, field }: Visit, { format }: Shape, walk: Walk): void {
  if (format === undefined) return;
  const { minimum, maximum, pattern } = walk.shapes.formats[format];
  const place = { field, place: path };
  if (typeof value === 'number' && minimum !== undefined && maximum !== undefined) {
    if (value >= minimum && value <= maximum) return;
    const bits = format === 'int64' ? 64 : 32;
    note(walk, 'integer-size', () => ({
      ...place,
      message: `${describeValue(value)} does not fit an integer of ${bits} bits`,
    }));
  } else if (typeof value === 'string' && pattern !== undefined && !new RegExp(pattern).test(value)) {
    const { code, ...explained } = explainFormat(format, describeValue(value));
    note(walk, code, () => ({ ...place, ...explained }));
  }
}

function explainFormat(format: ShapeFormat, shown: string): Pick<ShapeFinding, 'code' | 'message' | 'hint'> {
  if (format === 'date-time') {
    const message = `${shown} is not a time as RFC 3339 spells it`;
    return { code: 'timestamp-format', message, hint: 'write it like 2006-01-02T15:04:05Z' };
  }
  const hint =
    'write a number and one of n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, like 250m or 1Gi';
  return { code: 'quantity-format', message: `${shown} is not a quantity`, hint };
}

/** How to write it instead, and what it would be then, where that can be told. */
function correction(value: unknown, shape: Shape): Pick<ShapeFinding, 'hint' | 'hintFor' | 'meant'> {
  const types = shape.type ?? [];
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  if (isScalar && types.includes('string'))
    return { meant: String(value), hintFor: (written) => quotesHint(written, String(value)) };
  if (typeof value !== 'string') return {};
  const isNumber = value.trim() !== '' && Number.isInteger(Number(value));
  if (isNumber && types.includes('integer'))
    return { meant: Number(value), hint: `write it without quotes: ${Number(value)}` };
  if (types.includes('array')) return { hint: 'write it as a list, each item with a dash' };
  return {};
}

const PLAIN_SCALAR = /^[\w.+-]{1,40}$/;

/** What YAML reads as a number or a truth value may have been meant as the text that stands there. */
function quotesHint(written: string, value: string): string {
  if (written === value || !PLAIN_SCALAR.test(written)) return `write it in quotes: "${value}"`;
  return `YAML reads ${written} as ${value}: write it in quotes, "${written}"`;
}

/** An object with more mistakes than this is not looked at further. */
const MAX_MENDED = 50;

/**
 * An object as it was probably meant, where quotes are all that is wrong with its values (`port: "80"`, `version: 1.10`):
 * so that the rules can say in the same run what else is.
 * @returns undefined when something else is wrong with its shape
 */
export function mendShape(value: JsonObject, findings: readonly ShapeFinding[]): JsonObject | undefined {
  const mistakes = findings.filter(({ code }) => code !== 'unknown-field');
  if (mistakes.length > MAX_MENDED) return undefined;
  let mended: JsonValue = value;
  for (const { meant, field, place = field } of mistakes) {
    if (meant === undefined) return undefined;
    mended = replaceAt(mended, place, meant);
  }
  return isJsonObject(mended) ? mended : undefined;
}

function replaceAt(value: JsonValue, [step, ...rest]: FieldPath, meant: JsonValue): JsonValue {
  if (step === undefined) return meant;
  if (isJsonObject(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, each]) => [key, key === step ? replaceAt(each, rest, meant) : each]),
    );
  }
  if (!Array.isArray(value)) return value;
  return value.map((each: JsonValue, index) => (index === step ? replaceAt(each, rest, meant) : each));
}
