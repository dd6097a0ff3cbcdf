import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Range } from './place.ts';
import type { Problem } from './problem.ts';

/** Maps and lists in each other. Custom resource definitions have some forty levels; nothing else comes near. */
export const MAX_DEPTH = 100;

/** What stands at the range is one level too deep. */
export function nestingProblem(range: Range): Problem {
  return {
    code: 'nesting-depth',
    severity: 'error',
    message: `the document is nested deeper than ${MAX_DEPTH} levels`,
    hint: 'Kubernetes objects have some ten levels: look for brackets that are never closed',
    range,
  };
}

/** Whether maps and lists are nested deeper than allowed. JSON.parse takes any depth; what comes later recurses. */
export function isTooDeep(value: JsonValue, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === MAX_DEPTH) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && isTooDeep(item, depth + 1)) return true;
    return false;
  }
  return isJsonObject(value) && isMapTooDeep(value, depth);
}

/** Maps of JSON.parse inherit nothing that a loop would find, and loops make no arrays of keys. */
function isMapTooDeep(map: JsonObject, depth: number): boolean {
  for (const key in map) {
    const value = map[key] ?? null;
    if (typeof value === 'object' && isTooDeep(value, depth + 1)) return true;
  }
  return false;
}

const SAMPLES = 64;
const SAMPLE_LENGTH = 2048;

/**
 * Whether brackets are opened in a row somewhere that are not closed, judged by samples: millions of them take
 * JSON.parse seconds and gigabytes, and a look at the text first costs nothing.
 */
export function looksDeep(text: string): boolean {
  const step = Math.max(SAMPLE_LENGTH, Math.floor(text.length / SAMPLES));
  for (let start = 0; start < text.length; start += step) {
    if (opensMany(text, start, Math.min(start + SAMPLE_LENGTH, text.length))) return true;
  }
  return false;
}

function opensMany(text: string, start: number, end: number): boolean {
  let open = 0;
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) open += 1;
    else if ((code === 0x5d || code === 0x7d) && open > 0) open -= 1;
    if (open > MAX_DEPTH) return true;
  }
  return false;
}

/** How many values a document has, and how many of them stand behind aliases: go-yaml counts both. */
export interface AliasBudget {
  decoded: number;
  aliased: number;
}

const SMALL = 400_000;
const LARGE = 4_000_000;

/**
 * Whether aliases stand for more than go-yaml v2 allows: up to 99 % of a small document's values, 10 % of a large
 * one's, so that a few lines never become millions of values (the "billion laughs" attack).
 */
export function exceedsBudget({ decoded, aliased }: AliasBudget): boolean {
  if (aliased <= 100 || decoded <= 1000) return false;
  return aliased / decoded > allowedShare(decoded);
}

function allowedShare(decoded: number): number {
  if (decoded <= SMALL) return 0.99;
  if (decoded >= LARGE) return 0.1;
  return 0.99 - (0.89 * (decoded - SMALL)) / (LARGE - SMALL);
}

/** The alias at the range is one too many. */
export function aliasProblem(range: Range): Problem {
  return {
    code: 'alias-expansion',
    severity: 'error',
    message: 'aliases of this document stand for far more values than it holds',
    hint: 'Kubernetes refuses such documents: write the values out',
    range,
  };
}
