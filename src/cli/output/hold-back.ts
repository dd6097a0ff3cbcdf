import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat } from '../../lang/text/concat.ts';
import { inPieces } from '../../lang/text/in-pieces.ts';
import { errnoCode } from '../errno.ts';
import { writeAll } from './write-all.ts';

/** How many bytes wait in memory; what is longer waits on disk. */
const MAX_HELD = 4 * 1024 * 1024;

const CHUNK_BYTES = 1 << 18;

/**
 * Makes all of a text before any of it is printed, so that a run that dies of a bug on the way has printed nothing. Long
 * texts wait in a file without a name. Where none can be made, or the disk is full, they are printed as they come.
 * What waits is bytes, which lie outside of V8's heap: strings would be copied at each collection, and make a text of
 * 31 MB take 280 MB of memory where 170 MB do.
 * @param lines lines or larger chunks
 * @returns the text in pieces that are worth a write each, to be read once; a piece is good until the next is taken
 */
export function holdBack(lines: Iterable<string>): Iterable<Uint8Array> {
  const pieces = inPieces(lines);
  const held: Uint8Array[] = [];
  let length = 0;
  // Not for-of, which would end the generator when it is left.
  for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
    const bytes = Buffer.from(next.value);
    held.push(bytes);
    length += bytes.length;
    if (length > MAX_HELD) return holdOnDisk(held, pieces);
  }
  return held;
}

function* inBytes(pieces: Iterable<string>): Generator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

function holdOnDisk(held: readonly Uint8Array[], pieces: Generator<string>): Iterable<Uint8Array> {
  const descriptor = openNameless();
  if (descriptor === undefined) return concat([held, inBytes(pieces)]);
  const { size, unwritten } = moveToDisk(pieces, descriptor);
  return concat([held, takeFromDisk(descriptor, size), inBytes(concat([unwritten, pieces]))]);
}

/** undefined: no file can be made where temporary ones belong. */
function openNameless(): number | undefined {
  const path = join(tmpdir(), `.svcgen-held-${process.pid}-${Math.round(performance.timeOrigin)}.tmp`);
  try {
    const descriptor = openSync(path, 'wx+', 0o600);
    // So it is gone whatever this run ends with; on Windows as soon as it is closed.
    rmSync(path);
    return descriptor;
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return undefined;
  }
}

/** @returns how many bytes of whole pieces are on disk, and the piece that did not fit any more */
function moveToDisk(pieces: Generator<string>, descriptor: number) {
  let size = 0;
  for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
    try {
      size += writeAll(descriptor, next.value);
    } catch (error) {
      if (errnoCode(error) === undefined) throw error;
      return { size, unwritten: [next.value] };
    }
  }
  return { size, unwritten: [] };
}

function* takeFromDisk(descriptor: number, size: number): Generator<Uint8Array> {
  const chunk = Buffer.allocUnsafe(Math.min(size, CHUNK_BYTES));
  for (let position = 0; position < size; ) {
    const count = readSync(descriptor, chunk, 0, Math.min(chunk.length, size - position), position);
    position += count;
    yield chunk.subarray(0, count);
  }
  closeSync(descriptor);
}
