import { type Collector, createCollector } from '../diagnostic/collector.ts';
import type { Diagnostic, More, Severity } from '../diagnostic/diagnostic.ts';
import type { FieldPath } from '../model/field-path.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import type { SourceLines } from '../model/source-text.ts';
import type { ParseCode } from './codes.ts';
import type { Range } from './place.ts';

/** Something wrong with a document: a diagnostic whose places are still ranges of the file's text. */
export interface Problem {
  readonly code: ParseCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly range: Range;
  /** Below its document; undefined when it is about no field. */
  readonly path?: FieldPath;
  /** The other place that it has to do with, and what that is. */
  readonly related?: { readonly message: string; readonly range: Range };
  /** There are more of this code in the document than are kept. */
  readonly more?: More | undefined;
}

/** Gathers the problems of a document: nobody reads thousands of them. */
export function createProblemCollector(): Collector<Problem> {
  return createCollector(() => undefined);
}

/** Where a key is set again, and where it stands first. */
export interface RepeatedKey {
  readonly range: Range;
  readonly first: Range;
  readonly path: FieldPath;
}

/** A key stands in its map already. */
export function duplicateKey(key: string, { range, first, path }: RepeatedKey): Problem {
  return {
    code: 'duplicate-key',
    severity: 'warning',
    message: `the key ${quote(key)} stands twice in this map: only the last one counts`,
    hint: 'remove one of the two',
    range,
    path,
    related: { message: 'the first one', range: first },
  };
}

/** A map that is merged with `<<` has a key that stands in front of the merge. */
export function overriddenKey(key: string, { range, first, path }: RepeatedKey): Problem {
  return {
    code: 'duplicate-key',
    severity: 'warning',
    message: `the merged map sets ${quote(key)} again, and Kubernetes lets the last one count`,
    hint: 'write << above the keys that are to replace those of the merged map',
    range,
    path,
    related: { message: 'the first one', range: first },
  };
}

/** A string as messages show it: quoted, and cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}

/**
 * A problem as a diagnostic.
 * @param value of the document that it was found in; undefined when that has none
 */
export function describeProblem(problem: Problem, source: SourceLines, value?: JsonValue): Diagnostic {
  const { code, severity, message, hint, range, path = [], related, more } = problem;
  const { object, field } = ownerOf(path, value);
  return {
    code,
    severity,
    object,
    field,
    span: source.span(range.start, range.end),
    related:
      related === undefined
        ? []
        : [{ message: related.message, span: source.span(related.range.start, related.range.end) }],
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(more === undefined ? {} : { more: { count: more.count, files: new Set([source.file]) } }),
  };
}

/** The object that a path of a document leads into: its own, or an item of its list. */
function ownerOf(path: FieldPath, value: JsonValue | undefined): Pick<Diagnostic, 'object' | 'field'> {
  let owner = value;
  let depth = 0;
  while (isJsonObject(owner) && Array.isArray(owner.items) && isItem(path, depth)) {
    const items: readonly JsonValue[] = owner.items;
    owner = items[Number(path[depth + 1])];
    depth += 2;
  }
  return { object: labelOf(owner), field: path.slice(depth) };
}

function isItem(path: FieldPath, depth: number): boolean {
  return path[depth] === 'items' && typeof path[depth + 1] === 'number';
}

const SAFE_NAME = /^[\w.:-]{1,253}$/;

/** `Service default/web`; without the namespace when it isn't written. Odd names are quoted and cut. */
function labelOf(value: JsonValue | undefined): string {
  if (!isJsonObject(value) || typeof value.kind !== 'string' || !isJsonObject(value.metadata)) return '';
  const { namespace, name } = value.metadata;
  const names = [namespace, name].filter((each) => typeof each === 'string' && each !== '').map(String);
  return `${showName(value.kind)} ${names.map(showName).join('/')}`.trimEnd();
}

function showName(name: string): string {
  return SAFE_NAME.test(name) ? name : JSON.stringify(name.slice(0, 63));
}
