import fc from 'fast-check';
import type { KnownScalars } from '../../src/parse/fast-yaml/reader.ts';
import { compareReaders } from './compare-readers.ts';
import { yamlLines } from './yaml-lines.ts';
import { yamlTexts } from './yaml-texts.ts';

/**
 * Reads many texts with the fast reader and with the general parser.
 * @param seed undefined: another one each time
 * @returns how many of them the fast reader took
 * @throws Error with the seed and the shortest text that shows it, when the two differ
 */
export function fuzzReaders(texts: number, seed?: number): number {
  // As documents of one file share them.
  const known: KnownScalars = new Map();
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(yamlLines, yamlTexts), (text) => {
      const compared = compareReaders(text, known);
      if (compared === 'declined') return;
      accepted += 1;
      if (compared !== 'same') throw new Error(compared.difference);
    }),
    { numRuns: texts, includeErrorInReport: true, ...(seed === undefined ? {} : { seed }) },
  );
  return accepted;
}
