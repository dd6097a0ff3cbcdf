import type { JsonValue } from '../../model/json.ts';
import type { ReadDocument, Reading } from '../document.ts';
import { isTooDeep, looksDeep, nestingProblem } from '../limits.ts';
import type { Range } from '../place.ts';
import { createProblemCollector, duplicateKey, type Problem } from '../problem.ts';
import { jsonPlace } from './json-places.ts';
import { commentEnd, type JsonFault, scanJson, skipSpace } from './scan-json.ts';

/** Longer JSON is searched for repeated keys only when that is asked for: it costs more than reading it. */
export const MAX_DUPLICATE_SEARCH = 4 * 1024 * 1024;

export interface JsonReadOptions {
  /** Repeated keys are looked for in JSON of any length. */
  readonly isThorough: boolean;
}

/** Documents, or why the text is no JSON. */
export type JsonReading = Reading | { readonly fault: JsonFault };

/** Whether a map or a list in brackets begins here, if only behind comments that JSON does not have. */
export function startsLikeJson(text: string, start: number): boolean {
  const position = skipComments(text, start);
  const first = text.charAt(position);
  return first === '{' || first === '[';
}

function skipComments(text: string, start: number): number {
  let position = skipSpace(text, start);
  for (let end = commentEnd(text, position); end > position; end = commentEnd(text, position))
    position = skipSpace(text, end);
  return position;
}

/** Reads a part of a text as JSON: one value, or several one behind the other, as several runs of kubectl print. */
export function readJson(text: string, range: Range, options: JsonReadOptions): JsonReading {
  const json = text.slice(range.start, range.end);
  const deep = looksDeep(json) ? findTooDeep(text, range.start) : undefined;
  if (deep !== undefined) return { fault: deep };
  const value = parseJson(json);
  if (value === undefined) return readConcatenated(text, range, options);
  const found = { value, range: { start: skipSpace(text, range.start), end: range.end } };
  return documentsOf(text, [found], options);
}

interface FoundValue {
  readonly value: JsonValue;
  readonly range: Range;
}

function readConcatenated(text: string, { start, end }: Range, options: JsonReadOptions): JsonReading {
  const found: FoundValue[] = [];
  for (let position = skipSpace(text, start); position < end; ) {
    const scan = scanJson(text, position);
    if (!('end' in scan)) return { fault: scan };
    const range = { start: position, end: scan.end };
    found.push({ value: parseJson(text.slice(range.start, range.end)) ?? null, range });
    position = skipSpace(text, scan.end);
  }
  return documentsOf(text, found, options);
}

function documentsOf(
  text: string,
  found: readonly FoundValue[],
  { isThorough }: JsonReadOptions,
): JsonReading {
  const documents: ReadDocument[] = [];
  for (const { value, range } of found) {
    const deep = isTooDeep(value) ? findTooDeep(text, range.start) : undefined;
    if (deep !== undefined) return { fault: deep };
    const isSearched = isThorough || range.end - range.start <= MAX_DUPLICATE_SEARCH;
    const warnings = isSearched ? findDuplicateKeys(text, range) : [];
    documents.push({ value, warnings, place: () => jsonPlace(text, range) });
  }
  return { documents, problems: [] };
}

/** JSON has no undefined: here it means that the text isn't JSON. */
export function parseJson(json: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(json);
    return value;
  } catch {
    return undefined;
  }
}

function findTooDeep(text: string, start: number): JsonFault | undefined {
  const scan = scanJson(text, start);
  return 'end' in scan || scan.kind !== 'depth' ? undefined : scan;
}

/** JSON.parse keeps the last of equal keys, and says nothing. */
function findDuplicateKeys(text: string, { start }: Range): readonly Problem[] {
  const problems = createProblemCollector();
  scanJson(text, start, (key, { path, first, second }) => {
    problems.add(duplicateKey(key, { path, first, range: second }));
  });
  return problems.items();
}

/** What a fault means to the user. */
export function faultProblem({ message, hint, range, related, kind }: JsonFault): Problem {
  if (kind === 'depth') return nestingProblem(range);
  return {
    code: 'yaml-syntax',
    severity: 'error',
    message: `this is no JSON: ${message}`,
    hint,
    range,
    ...(related === undefined ? {} : { related }),
  };
}
