import { readSync } from 'node:fs';
import { errnoCode } from '../errno.ts';
import { pause } from '../pause.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * Reads a descriptor to its end, in chunks: to join them would take their memory twice. Waits where another process has made a pipe or terminal non-blocking.
 * @throws NodeJS.ErrnoException when it can't be read
 */
export function readStdin(descriptor: number): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const length = fill(descriptor, chunk);
    chunks.push(chunk.subarray(0, length));
    if (length < CHUNK_BYTES) return chunks;
  }
}

/** How many bytes came; fewer than the chunk holds only at the end. A pipe gives at most 64 KiB at a time. */
function fill(descriptor: number, chunk: Buffer): number {
  let length = 0;
  while (length < chunk.length) {
    const count = readSome(descriptor, chunk, length);
    if (count === 0) break;
    length += count;
  }
  return length;
}

function readSome(descriptor: number, chunk: Buffer, offset: number): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk, offset, chunk.length - offset, null);
    } catch (error) {
      const code = errnoCode(error);
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      pause();
    }
  }
}
