import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import type { JsonValue } from '../model/json.ts';
import type { Place } from './place.ts';
import { type Problem, UnreadableDocument } from './problem.ts';
import { yamlPlace } from './yaml-places.ts';
import { convertNode } from './yaml-values.ts';

/** A document as the general parser reads it. */
export interface GeneralDocument {
  readonly value: JsonValue;
  readonly problems: readonly Problem[];
  readonly place: () => Place;
}

/**
 * Reads any YAML the way Kubernetes does. Slow: one megabyte a second.
 * @param start where the text stands in its file; all ranges are of the file
 * @throws UnreadableDocument when it isn't well-formed, too deep, or holds what JSON can't
 */
export function readGeneralYaml(text: string, start: number): GeneralDocument[] {
  return parseDocuments(text, start).map((document) => {
    const { value, problems } = convertNode(document.contents, start);
    return { value, problems, place: () => yamlPlace(document.contents, start) };
  });
}

/** All scalars stay strings here: what plain ones mean is for Kubernetes' rules, not YAML 1.2's. */
function parseDocuments(text: string, start: number): Document.Parsed[] {
  const options = { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;
  try {
    const documents = parseAllDocuments(text, { ...options, lineCounter: new LineCounter() });
    return Array.isArray(documents) ? documents.map((document) => wellFormed(document, start)) : [];
  } catch (error) {
    if (error instanceof RangeError) throw new UnreadableDocument(tooDeep(start));
    throw error;
  }
}

function wellFormed(document: Document.Parsed, start: number): Document.Parsed {
  const [error] = document.errors;
  if (error === undefined) return document;
  const [from, to] = error.pos;
  throw new UnreadableDocument({
    code: 'yaml-syntax',
    severity: 'error',
    message: lowerFirst(error.message),
    range: { start: start + from, end: start + Math.max(to, from + 1) },
  });
}

/** The parser's recursion went too deep for the stack. */
export function tooDeep(start: number): Problem {
  return {
    code: 'nesting-depth',
    severity: 'error',
    message: 'the document is nested too deeply',
    hint: 'Kubernetes objects have some ten levels: look for brackets that are never closed',
    range: { start, end: start + 1 },
  };
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
