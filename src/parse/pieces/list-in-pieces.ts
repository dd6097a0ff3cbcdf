import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { LargeSourceFile } from '../../model/source.ts';
import type { Place, Range } from '../place.ts';
import type { Border } from './cut.ts';

/** A file that is one List, and how to read its items. */
export interface ListInPieces {
  /** Without its items: they are empty, or null. */
  readonly list: JsonObject;
  /** Where they are, in bytes. */
  readonly items: Range;
  readonly border: Border;
  /** @throws UNCUT when a piece can't be read by itself */
  readonly readItems: (piece: string) => readonly JsonValue[];
  /** Where the items of a piece stand that has so much text in front of it: they are a list of their own. */
  readonly place: (piece: string, offset: number) => Place;
}

/** Both ends of a file, each byte as a character: what stands around the items of a list. */
export interface Ends {
  readonly head: string;
  readonly tail: string;
}

const HEAD = 4 * 1024;
const TAIL = 64 * 1024;

/** The file must be longer than both. */
export function readEnds(file: LargeSourceFile): Ends {
  return { head: readLatin1(file, 0, HEAD), tail: readLatin1(file, file.size - TAIL, TAIL) };
}

function readLatin1(file: LargeSourceFile, position: number, length: number): string {
  const bytes = Buffer.allocUnsafe(length);
  file.fill(bytes, position);
  return bytes.toString('latin1');
}

/** `frame`: what stands in front of the items and behind them. Text that is not ASCII would have to be decoded first. */
export function isAscii(frame: string): boolean {
  return /^[\n\x20-\x7e]*$/.test(frame);
}
