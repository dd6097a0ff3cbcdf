import type { LargeSourceFile } from '../../model/source.ts';
import type { ReadDocument } from '../document.ts';
import type { Range } from '../place.ts';

/** Thrown and caught within the parser: the file has to be read as a whole. */
export const UNCUT = Symbol('to be read as a whole');

/** Pieces are at least so long, in bytes: what is made of one should stay in the caches of a processor. */
const PIECE = 64 * 1024;

/** So much is read at a time, or more where there is no border in it, but not for ever: no object is that long. */
const WINDOW = 1024 * 1024;
const LARGEST_WINDOW = 16 * WINDOW;

/** Text between two objects. */
export interface Border {
  /** ASCII. */
  readonly text: string;
  /** How much of it belongs to the piece before. */
  readonly before: number;
  /** How much of it belongs to the piece behind. */
  readonly behind: number;
}

/** A part of a large file, and what it is a part of. */
export interface Piece {
  readonly text: string;
  /** How much text the file has in front of it, in UTF-16 units. */
  readonly offset: number;
  /** The text once more, when a diagnostic asks for places: nothing that is read from it may keep it in memory. */
  readonly textAgain: () => string;
}

/** How a large file is cut, and how its pieces are read. */
export interface Cutting {
  /** What is cut, in bytes. */
  readonly range: Range;
  readonly border: Border;
  /** @throws UNCUT when a piece can't be read by itself */
  readonly read: (piece: Piece) => readonly ReadDocument[];
}

/**
 * The texts between borders, in order, several objects in each.
 * @param range in bytes
 * @throws UNCUT where bytes are no UTF-8, and where borders are too far from each other
 */
export function* cut(file: LargeSourceFile, { start, end }: Range, border: Border): Generator<string> {
  let window = new Uint8Array(Math.min(WINDOW, end - start));
  let position = start;
  while (position < end) {
    const bytes = window.subarray(0, Math.min(window.length, end - position));
    file.fill(bytes, position);
    const isLast = position + bytes.length === end;
    let done = 0;
    for (let at = findBorder(bytes, border, done); at >= 0; at = findBorder(bytes, border, done)) {
      yield decode(bytes.subarray(done, at + border.before));
      done = at + border.text.length - border.behind;
    }
    if (isLast) yield decode(bytes.subarray(done));
    if (isLast) return;
    if (done === 0) window = enlarge(window);
    position += done;
  }
}

function enlarge(window: Uint8Array): Uint8Array<ArrayBuffer> {
  if (window.length >= LARGEST_WINDOW) throw UNCUT;
  return new Uint8Array(window.length * 2);
}

/** Byte by byte: an object is short beside the piece that need not be searched. @returns -1 when there is none */
function findBorder(bytes: Uint8Array, { text }: Border, from: number): number {
  const first = text.charCodeAt(0);
  const last = bytes.length - text.length;
  for (let at = from + PIECE; at <= last; at++) if (bytes[at] === first && isAt(bytes, text, at)) return at;
  return -1;
}

function isAt(bytes: Uint8Array, text: string, start: number): boolean {
  for (let at = 1; at < text.length; at++) if (bytes[start + at] !== text.charCodeAt(at)) return false;
  return true;
}

/** A byte order mark within a text is a character like others. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw UNCUT;
  }
}
