import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Manifest } from '../model/manifest.ts';
import type { InputFile, SourceFile } from '../model/source.ts';
import { type ParseResult, parseFile } from './parse.ts';
import type { FileResult } from './parse-document.ts';
import { inPieces, isLarge, wholeFile } from './pieces/large-files.ts';
import { parseInPieces, type TakeManifest } from './pieces/parse-in-pieces.ts';

/**
 * What `parse` does, for files that are large: gives each manifest away as soon as it is read, so that what becomes
 * of one is all that stays in memory of it.
 * @param take takes a manifest; false when it is no use to go on
 * @returns undefined: the manifests that were taken don't count, all files are to be read by `parse`
 * @throws whatever keeps a large file from being read
 */
export function parseInTurn(
  files: readonly InputFile[],
  take: TakeManifest,
): Omit<ParseResult, 'manifests'> | undefined {
  const diagnostics: Diagnostic[] = [];
  const filesWithObjects = new Set<string>();
  for (const file of files) {
    const result = isLarge(file) ? parseInPieces(inPieces(file), take) : parseSmall(wholeFile(file), take);
    if (result === undefined) return undefined;
    if (result.hasObjects) filesWithObjects.add(file.path);
    for (const diagnostic of result.diagnostics) diagnostics.push(diagnostic);
  }
  return { diagnostics, filesWithObjects };
}

function parseSmall(file: SourceFile, take: TakeManifest): FileResult | undefined {
  const manifests: Manifest[] = [];
  const result = parseFile(file, manifests);
  return manifests.every(take) ? result : undefined;
}
