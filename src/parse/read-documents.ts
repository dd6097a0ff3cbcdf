import type { JsonValue } from '../model/json.ts';
import { findDuplicateKeys } from './duplicate-keys.ts';
import { fastYamlPlace } from './fast-yaml/fast-yaml-places.ts';
import { readFastYaml } from './fast-yaml/read-fast-yaml.ts';
import { readGeneralYaml, tooDeep } from './general-yaml.ts';
import { jsonPlace, jsonRange, topLevelRanges } from './json-places.ts';
import { jsonSyntaxError } from './json-syntax-error.ts';
import type { Place, Range } from './place.ts';
import { type Problem, UnreadableDocument } from './problem.ts';
import { splitDocuments } from './split-documents.ts';

/** A document of a file. `place` reads it again: only diagnostics may ask. */
export interface ReadDocument {
  readonly value: JsonValue;
  readonly place: () => Place;
}

export interface ReadText {
  readonly documents: readonly ReadDocument[];
  readonly problems: readonly Problem[];
}

/** Above this, JSON is read without looking for duplicate keys, which costs as much as reading it. */
const MAX_DUPLICATE_SEARCH = 4 * 1024 * 1024;

/** A longer text that begins like JSON, but is not, is not tried as YAML: that would take minutes. */
const MAX_FLOW_YAML = 1024 * 1024;

/** More brackets than this are open at once in nothing but an attack, and the general parser would not survive it. */
const MAX_OPEN_BRACKETS = 1000;

/** The same for text that may be JSON. */
const DEEP_START = /^(?:\s*[[{]){100}/;

/** Lists in lists on one line, and indentation that only deep nesting has. */
const DEEP_BLOCK = /^ *(?:[-?] +){100}|^ {2000,}[^ \n]/m;

/** Reads the documents of a text: JSON, or YAML as Kubernetes reads it. */
export function readDocuments(text: string): ReadText {
  return readJson(text) ?? readYaml(text);
}

/** undefined when the text is not JSON; it may be YAML that begins with a bracket then. */
function readJson(text: string): ReadText | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  if (DEEP_START.test(text)) return { documents: [], problems: [tooDeep(0)] };
  const whole = parseJson(text, text, jsonRange(text));
  const documents = whole === undefined ? parseConcatenated(text) : [whole];
  if (documents !== undefined) {
    return { documents, problems: text.length <= MAX_DUPLICATE_SEARCH ? findDuplicateKeys(text) : [] };
  }
  return text.length > MAX_FLOW_YAML ? { documents: [], problems: [jsonSyntaxProblem(text)] } : undefined;
}

function parseJson(json: string, text: string, range: Range): ReadDocument | undefined {
  try {
    const value: JsonValue = JSON.parse(json);
    return { value, place: once(() => jsonPlace(text, range)) };
  } catch {
    return undefined;
  }
}

/** Values one behind the other, as several runs of kubectl print them. */
function parseConcatenated(text: string): ReadDocument[] | undefined {
  const ranges = topLevelRanges(text);
  if (ranges.length < 2) return undefined;
  const documents: ReadDocument[] = [];
  for (const range of ranges) {
    const document = parseJson(text.slice(range.start, range.end), text, range);
    if (document === undefined) return undefined;
    documents.push(document);
  }
  return documents;
}

function jsonSyntaxProblem(text: string): Problem {
  const { message, position } = jsonSyntaxError(text);
  return {
    code: 'yaml-syntax',
    severity: 'error',
    message: `the text is not well-formed JSON: ${message}`,
    range: { start: position, end: position + 1 },
  };
}

function readYaml(text: string): ReadText {
  const documents: ReadDocument[] = [];
  const problems: Problem[] = [];
  for (const range of splitDocuments(text)) {
    const part = text.slice(range.start, range.end);
    const value = readFastYaml(part);
    if (value !== undefined) {
      documents.push({ value, place: once(() => fastYamlPlace(part, range.start)) });
    } else if (part.trim() !== '') {
      readGenerally(part, range, { documents, problems });
    }
  }
  return { documents, problems };
}

function readGenerally(
  part: string,
  { start }: Range,
  { documents, problems }: { readonly documents: ReadDocument[]; readonly problems: Problem[] },
): void {
  try {
    declineDeepNesting(part, start);
    for (const document of readGeneralYaml(part, start)) {
      documents.push({ value: document.value, place: once(document.place) });
      problems.push(...document.problems);
    }
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    problems.push(error.problem);
  }
}

/** The general parser recurses, and remembers every bracket: nesting that is absurd is refused before it starts. */
function declineDeepNesting(text: string, start: number): void {
  if (DEEP_BLOCK.test(text) || openBrackets(text) > MAX_OPEN_BRACKETS)
    throw new UnreadableDocument(tooDeep(start));
}

/** How many brackets and braces are open at once at the most, those in strings and comments included. */
function openBrackets(text: string): number {
  let [open, most] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) open += 1;
    else if (code === 0x5d || code === 0x7d) open -= 1;
    else continue;
    if (open > most) most = open;
  }
  return most;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
