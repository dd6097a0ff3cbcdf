import type { LargeSourceFile } from '../../model/source.ts';
import { sourceLines } from '../../model/source-text.ts';
import { decodeText, MAX_BYTES } from '../decode-text.ts';
import type { OpenFile, ReadDocument, Reading } from '../document.ts';
import type { ReadOptions } from '../document-memory.ts';
import type { KnownScalars } from '../fast-yaml/reader.ts';
import { bytesOf } from '../input-file.ts';
import { startsLikeJson } from '../json/read-json.ts';
import { once, shiftPlace } from '../place.ts';
import { type PieceOptions, readDocuments } from '../read-documents.ts';
import { DOCUMENT_BORDER } from '../split-documents.ts';
import { type Cutting, cut, type Piece, UNCUT } from './cut.ts';
import { type Ends, findList } from './find-list.ts';

/**
 * Opens a large file that can be read piece by piece.
 * @returns undefined when it has to be read as a whole. That may also turn out later: then the readers throw UNCUT
 * @throws whatever keeps the file from being read, as the readers do
 */
export function openInPieces(file: LargeSourceFile, options: ReadOptions): OpenFile | undefined {
  if (file.size > MAX_BYTES) return undefined;
  const ends = readEnds(file);
  if (options.isThorough && startsLikeJson(ends.head, 0)) return undefined;
  const cutting = findList(ends, file.size) ?? findDocuments(ends, file.size, options);
  if (cutting === undefined) return undefined;
  const textOf = once(() => wholeText(file));
  return { source: sourceLines(file.path, textOf), readers: pieceReaders(file, cutting, textOf) };
}

const HEAD = 4 * 1024;
const TAIL = 64 * 1024;

/** The file must be longer than both. */
function readEnds(file: LargeSourceFile): Ends {
  return { head: readBytes(file, 0, HEAD), tail: readBytes(file, file.size - TAIL, TAIL) };
}

/** One character for each byte: of those beyond ASCII it matters only that they are there. */
function readBytes(file: LargeSourceFile, position: number, length: number): string {
  const bytes = new Uint8Array(length);
  file.fill(bytes, position);
  return new TextDecoder('latin1').decode(bytes);
}

/** For diagnostics only: reads the file again. */
function wholeText(file: LargeSourceFile): string {
  const decoded = decodeText(bytesOf(file));
  if ('problem' in decoded) throw new Error(`${file.path} is not what it was when it was read`);
  return decoded.text;
}

function* pieceReaders(
  file: LargeSourceFile,
  { range, border, read }: Cutting,
  textOf: () => string,
): Generator<() => Reading> {
  // What stands in front of the first piece is ASCII: so many bytes are as many characters.
  let offset = range.start;
  for (const text of cut(file, range, border)) {
    const end = offset + text.length;
    const piece = { text, offset, textAgain: sliceLater(textOf, offset, end) };
    yield () => ({ documents: read(piece), problems: [] });
    offset = end + border.text.length - border.before - border.behind;
  }
}

/** A piece of a text when it is asked for again; until then nothing keeps it in memory. */
function sliceLater(textOf: () => string, start: number, end: number): () => string {
  return () => textOf().slice(start, end);
}

/**
 * YAML of many documents, as kustomize and helm print it. Documents know nothing of each other, except for directives,
 * which stand in front of them.
 * @returns undefined when the file does not start as YAML without directives, in UTF-8 without a mark that says so
 */
function findDocuments({ head }: Ends, size: number, options: ReadOptions): Cutting | undefined {
  if (!/^[\n\x20-\x7e]/.test(head) || startsLikeJson(head, 0) || head.startsWith('%')) return undefined;
  const known: KnownScalars = new Map();
  return {
    range: { start: 0, end: size },
    border: DOCUMENT_BORDER,
    read: (piece) => readYamlPiece(piece, { ...options, known }),
  };
}

/** @throws UNCUT when it holds a directive, or anything worth a diagnostic */
function readYamlPiece(
  { text, offset, textAgain }: Piece,
  options: Omit<PieceOptions, 'textAgain'>,
): readonly ReadDocument[] {
  if (text.includes('\n%')) throw UNCUT;
  const { documents, problems } = readDocuments(text, { ...options, textAgain });
  if (problems.length > 0 || documents.some(({ warnings }) => warnings.length > 0)) throw UNCUT;
  return documents.map(({ place, ...document }) => ({
    ...document,
    place: () => shiftPlace(place(), offset),
  }));
}
