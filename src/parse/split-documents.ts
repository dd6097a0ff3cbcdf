import type { Range } from './place.ts';

/** A document's start in block style: nothing but spaces and a comment behind the marker. */
const MARKER = /^---(?=[ \t\r\n]|$)/gm;

/**
 * Where the documents of a YAML text stand. A line that starts with `---` starts a document wherever it is (YAML 1.2
 * §9.1.4 forbids it within scalars), so each can be read on its own. What stands behind a marker on its line
 * belongs to the document.
 */
export function splitDocuments(text: string): Range[] {
  const documents: Range[] = [];
  let start = 0;
  for (const { index } of text.matchAll(MARKER)) {
    documents.push({ start, end: index });
    start = index + 3;
  }
  documents.push({ start, end: text.length });
  return documents;
}
