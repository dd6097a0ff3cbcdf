import type { InputFile } from '../../model/source.ts';
import { LARGE_BYTES } from '../../parse/input-file.ts';

/** A file that is in memory in chunks: they are only joined when it is small. */
export function fileInChunks(path: string, chunks: readonly Uint8Array[]): InputFile {
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (size < LARGE_BYTES) return { path, bytes: Buffer.concat(chunks) };
  return { path, size, fill: (buffer, position) => copyFrom(chunks, { buffer, position }) };
}

interface Stretch {
  readonly buffer: Uint8Array;
  readonly position: number;
}

function copyFrom(chunks: readonly Uint8Array[], { buffer, position }: Stretch): void {
  let start = 0;
  for (const chunk of chunks) {
    const from = Math.max(position, start);
    const to = Math.min(position + buffer.length, start + chunk.length);
    if (from < to) buffer.set(chunk.subarray(from - start, to - start), from - position);
    start += chunk.length;
  }
}
