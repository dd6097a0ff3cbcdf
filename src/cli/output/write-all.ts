import { writeSync } from 'node:fs';
import { errnoCode } from '../errno.ts';
import { pause } from '../pause.ts';

/**
 * Writes all of a text, or of its bytes, to a descriptor, however slowly it is read at the other end.
 * @throws NodeJS.ErrnoException `EPIPE` when nobody reads any more, `ENOSPC` when the disk is full, …
 */
export function writeAll(descriptor: number, text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  let written = 0;
  while (written < bytes.length) written += patiently(() => writeSync(descriptor, bytes, written));
}

/** Tries again as long as the other end takes nothing. */
function patiently(write: () => number): number {
  for (;;) {
    try {
      return write();
    } catch (error) {
      if (errnoCode(error) !== 'EAGAIN') throw error;
      pause();
    }
  }
}
