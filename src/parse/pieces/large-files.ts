import type { InputFile, LargeSourceFile, SourceFile } from '../../model/source.ts';
import { MAX_DUPLICATE_SEARCH } from '../read-json.ts';

/** From this length on, in bytes, it pays to read a file in pieces; JSON isn't searched for duplicate keys then anyway. */
export const LARGE_BYTES = MAX_DUPLICATE_SEARCH + 1;

export function sizeOf(file: InputFile): number {
  return 'bytes' in file ? file.bytes.length : file.size;
}

export function isLarge(file: InputFile): boolean {
  return sizeOf(file) >= LARGE_BYTES;
}

/** A file that can be read bit by bit, also when it is in memory. */
export function inPieces(file: InputFile): LargeSourceFile {
  if (!('bytes' in file)) return file;
  const { path, bytes } = file;
  return {
    path,
    size: bytes.length,
    fill: (buffer, position) => buffer.set(bytes.subarray(position, position + buffer.length)),
  };
}

/**
 * A file in memory.
 * @throws whatever keeps it from being read
 */
export function wholeFile(file: InputFile): SourceFile {
  return 'bytes' in file ? file : { path: file.path, bytes: readWhole(file) };
}

/** All bytes of a large file. */
export function readWhole({ size, fill }: LargeSourceFile): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(size);
  fill(bytes, 0);
  return bytes;
}
