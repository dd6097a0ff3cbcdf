import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { JsonValue } from '../model/json.ts';
import type { Locator, SourceFile } from '../model/source.ts';
import { sourceText } from '../model/source-text.ts';
import { decodeText, findNul } from './decode-text.ts';
import { findRange, once } from './place.ts';
import { describeProblem } from './problem.ts';
import { readDocuments } from './read-documents.ts';

/** A document of a file that holds no Kubernetes objects, such as expectations. */
export interface ParsedDocument {
  readonly value: JsonValue;
  readonly locate: Locator;
}

export interface ParsedDocuments {
  /** In their order. Empty ones are left out. */
  readonly documents: readonly ParsedDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the documents of a file, whatever they are: YAML as Kubernetes understands it, or JSON. A repeated key is an error. */
export function parseDocuments({ path, bytes }: SourceFile): ParsedDocuments {
  const decoded = decodeText(bytes);
  const notText = 'problem' in decoded ? decoded : findNul(decoded.text);
  if (notText !== undefined || 'problem' in decoded) {
    const { problem = '', readable = '', offset = 0 } = notText ?? {};
    const range = { start: offset, end: offset + 1 };
    const message = `the file ${problem}`;
    const found = { code: 'text-file', severity: 'error', message, range } as const;
    return { documents: [], diagnostics: [describeProblem(found, sourceText(path, readable))] };
  }
  const { text } = decoded;
  const source = sourceText(path, text);
  const options = { known: new Map(), textAgain: () => text, isThorough: true };
  const { documents, problems } = readDocuments(text, options);
  const found = [...problems, ...documents.flatMap(({ warnings }) => warnings)];
  return {
    documents: documents
      .filter(({ value }) => value !== null)
      .map(({ value, place }) => {
        const root = once(place);
        const locate: Locator = (field, at = 'value') => {
          const { start, end } = findRange(root(), field, at);
          return source.span(start, end);
        };
        return { value, locate };
      }),
    diagnostics: found.map((problem) => describeProblem(problem, source)),
  };
}
