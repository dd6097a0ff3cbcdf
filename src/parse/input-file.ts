import type { InputFile, LargeSourceFile } from '../model/source.ts';
import { MAX_DUPLICATE_SEARCH } from './json/read-json.ts';

/** From this length on, in bytes, it pays to read a file in pieces; JSON isn't searched for duplicate keys then anyway. */
export const LARGE_BYTES = MAX_DUPLICATE_SEARCH + 1;

/** In bytes. */
export function sizeOf(file: InputFile): number {
  return 'bytes' in file ? file.bytes.length : file.size;
}

/** A file that can be read bit by bit, even if it is in memory. */
export function readInPieces(file: InputFile): LargeSourceFile {
  if (!('bytes' in file)) return file;
  const { path, bytes } = file;
  return {
    path,
    size: bytes.length,
    fill: (buffer, position) => buffer.set(bytes.subarray(position, position + buffer.length)),
  };
}

/**
 * All bytes of a file.
 * @throws whatever keeps it from being read
 */
export function bytesOf(file: InputFile): Uint8Array {
  if ('bytes' in file) return file.bytes;
  const bytes = new Uint8Array(file.size);
  file.fill(bytes, 0);
  return bytes;
}
