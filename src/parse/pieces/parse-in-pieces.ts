import type { Manifest } from '../../model/manifest.ts';
import type { LargeSourceFile } from '../../model/source.ts';
import { type SourceLines, sourceLines } from '../../model/source-text.ts';
import { decodeText, MAX_BYTES } from '../decode-text.ts';
import { flattenInPieces } from '../flatten-manifests.ts';
import { once } from '../once.ts';
import { type FileResult, joinResults, parseDocument } from '../parse-document.ts';
import type { Place } from '../place.ts';
import type { Problem } from '../problem.ts';
import { cut } from './cut.ts';
import { findJsonList } from './json-list.ts';
import { readWhole } from './large-files.ts';
import { type ListInPieces, readEnds } from './list-in-pieces.ts';
import { sliceLater } from './slice-later.ts';
import { UNCUT } from './uncut.ts';
import { readYamlDocuments, startsLikeYaml } from './yaml-documents.ts';
import { findYamlList } from './yaml-list.ts';

/** Takes a manifest; answers false when it is no use to go on. */
export type TakeManifest = (manifest: Manifest) => boolean;

/**
 * Reads a large file bit by bit.
 * @param take given each manifest in turn
 * @returns undefined when the file has to be read as a whole: the manifests that were taken don't count then
 * @throws whatever keeps the file from being read
 */
export function parseInPieces(file: LargeSourceFile, take: TakeManifest): FileResult | undefined {
  if (file.size > MAX_BYTES) return undefined;
  const textOf = once(() => wholeText(file));
  const input: Input = { file, textOf, source: sourceLines(file.path, textOf), take };
  try {
    const ends = readEnds(file);
    const list = findJsonList(ends, file.size) ?? findYamlList(ends, file.size);
    if (list !== undefined) return parseList(list, input);
    return startsLikeYaml(ends) ? parseDocuments(input) : undefined;
  } catch (error) {
    if (error === UNCUT) return undefined;
    throw error;
  }
}

interface Input {
  readonly file: LargeSourceFile;
  /** For diagnostics only: reads the file again. */
  readonly textOf: () => string;
  readonly source: SourceLines;
  readonly take: TakeManifest;
}

function wholeText(file: LargeSourceFile): string {
  const decoded = decodeText(readWhole(file));
  if ('problem' in decoded) throw new Error(`${file.path} is not what it was when it was read`);
  return decoded.text;
}

function parseList({ list, items, border, readItems, place }: ListInPieces, input: Input): FileResult {
  const { file, textOf, source, take } = input;
  const addItems = flattenInPieces(list, source);
  if (addItems === undefined) throw UNCUT;
  // What stands in front of the items is ASCII.
  let offset = items.start;
  for (const piece of cut(file, items, border)) {
    const manifests: Manifest[] = [];
    const problems: Problem[] = [];
    const textAgain = sliceLater(textOf, { start: offset, end: offset + piece.length });
    addItems(readItems(piece), placeLater(place, textAgain, offset), { manifests, problems });
    if (problems.length > 0 || !manifests.every(take)) throw UNCUT;
    offset += piece.length + border.text.length - border.before - border.behind;
  }
  return { diagnostics: [], hasObjects: true };
}

function placeLater(place: ListInPieces['place'], textAgain: () => string, offset: number): () => Place {
  return () => place(textAgain(), offset);
}

function parseDocuments({ file, textOf, source, take }: Input): FileResult {
  const results: FileResult[] = [];
  for (const document of readYamlDocuments(file, textOf)) {
    const manifests: Manifest[] = [];
    results.push(parseDocument(document, source, manifests));
    if (!manifests.every(take)) throw UNCUT;
  }
  return joinResults([], results);
}
