import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { SourceText } from '../../model/source-text.ts';
import { lineEnd } from './stretch.ts';
import { textProblem } from './text-problem.ts';

/** Something of which a text has no more than can be read in two seconds and 300 MB. */
export interface SizeLimit {
  /** In the plural: `real servers of ipvsadm`. */
  readonly what: string;
  /** How each shows in a text: with the flag `g`, and no two patterns match the same one. They begin with what is rare, which is fast. */
  readonly signs: readonly RegExp[];
  /** How many are read. */
  readonly most: number;
  /** What to do about it. */
  readonly hint: string;
}

/**
 * Counts before anything is read, as that is what costs. Nobody need look for another way to read a text that is too large.
 * @returns an error at the first line that has one too many; undefined: there is none
 */
export function overLimit(source: SourceText, limits: readonly SizeLimit[]): Diagnostic | undefined {
  for (const limit of limits) {
    const at = firstTooMany(source.text, limit);
    if (at !== undefined) return tooMany(source, at, limit);
  }
  return undefined;
}

/** Where there is one more than the limit. */
function firstTooMany(text: string, { signs, most }: SizeLimit): number | undefined {
  let count = 0;
  for (const sign of signs) {
    for (const { index, 0: found } of text.matchAll(sign)) {
      count += 1;
      if (count > most) return index + (found.startsWith('\n') ? 1 : 0);
    }
  }
  return undefined;
}

/** How much of a line is repeated. */
const SHOWN = 60;

function tooMany(source: SourceText, at: number, { what, most, hint }: SizeLimit): Diagnostic {
  const { text } = source;
  const place = { start: at, end: Math.min(lineEnd(text, at), at + SHOWN) };
  const found = JSON.stringify(text.slice(place.start, place.end).trim());
  return textProblem(source, {
    code: 'saved-rules-text',
    place,
    message: `more than ${most} ${what}, which are too many to read; the first one too many is ${found}`,
    hint,
  });
}
