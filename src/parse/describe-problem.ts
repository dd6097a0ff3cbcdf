import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { FieldPath } from '../model/field-path.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import type { SourceLines } from '../model/source-text.ts';
import type { Problem } from './problem.ts';

/**
 * A problem as a diagnostic.
 * @param value of the document that it was found in; undefined when that has none
 */
export function describeProblem(problem: Problem, source: SourceLines, value?: JsonValue): Diagnostic {
  const { code, severity, message, hint, range, path = [], related } = problem;
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
