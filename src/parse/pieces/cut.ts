import type { LargeSourceFile } from '../../model/source.ts';
import type { Range } from '../place.ts';
import { UNCUT } from './uncut.ts';

/** Pieces are at least so long, in bytes: what is made of one should stay in the caches of a processor. */
const PIECE = 64 * 1024;

/** So much is read at a time. */
const WINDOW = 1024 * 1024;

/** Text between two objects. */
export interface Border {
  /** ASCII. */
  readonly text: string;
  /** How much of it belongs to the piece before. */
  readonly before: number;
  /** How much of it belongs to the piece behind. */
  readonly behind: number;
}

/**
 * The texts between borders, in order, several objects in each.
 * @param range in bytes
 * @throws UNCUT where bytes are no UTF-8
 */
export function* cut(file: LargeSourceFile, { start, end }: Range, border: Border): Generator<string> {
  let window = Buffer.allocUnsafeSlow(Math.min(WINDOW, end - start));
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
    if (done === 0) window = Buffer.allocUnsafeSlow(Math.min(window.length * 2, end - start));
    position += done;
  }
}

function findBorder(bytes: Buffer, { text }: Border, from: number): number {
  return from + PIECE < bytes.length ? bytes.indexOf(text, from + PIECE, 'latin1') : -1;
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
