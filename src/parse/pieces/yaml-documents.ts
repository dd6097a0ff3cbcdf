import type { LargeSourceFile } from '../../model/source.ts';
import type { ReadDocument } from '../document.ts';
import type { KnownScalars } from '../fast-yaml/reader.ts';
import { shiftPlace } from '../place.ts';
import { readDocuments } from '../read-documents.ts';
import { startsLikeJson } from '../read-json.ts';
import { type Border, cut } from './cut.ts';
import type { Ends } from './list-in-pieces.ts';
import { sliceLater } from './slice-later.ts';
import { UNCUT } from './uncut.ts';

/*
 * YAML of many documents, as kustomize and helm print it. A line that is a marker starts a document wherever it is
 * (see split-documents.ts), and documents know nothing of each other, except for directives, which stand before it.
 */

const BORDER: Border = { text: '\n---\n', before: 1, behind: '---\n'.length };

/**
 * The documents of a file, one after the other.
 * @param textOf all of its text, when a diagnostic asks for places
 * @throws UNCUT when it is JSON, holds a directive, or anything worth a diagnostic
 */
export function* readYamlDocuments(file: LargeSourceFile, textOf: () => string): Generator<ReadDocument> {
  const known: KnownScalars = new Map();
  let offset = 0;
  for (const piece of cut(file, { start: 0, end: file.size }, BORDER)) {
    if (piece.includes('\n%')) throw UNCUT;
    const textAgain = sliceLater(textOf, { start: offset, end: offset + piece.length });
    const { documents, problems } = readDocuments(piece, { known, textAgain });
    if (problems.length > 0) throw UNCUT;
    for (const document of documents) yield shiftDocument(document, offset);
    offset += piece.length;
  }
}

/** Whether a file with this head is YAML without directives, in UTF-8 without a mark that says so. */
export function startsLikeYaml({ head }: Ends): boolean {
  return /^[\n\x20-\x7e]/.test(head) && !startsLikeJson(head, 0) && !head.startsWith('%');
}

/** `offset`: where its piece starts in the text of the file. */
function shiftDocument({ value, warnings, place }: ReadDocument, offset: number): ReadDocument {
  if (warnings.length > 0) throw UNCUT;
  return { value, warnings, place: () => shiftPlace(place(), offset) };
}
