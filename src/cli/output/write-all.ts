import { writeSync } from 'node:fs';
import { errnoCode } from '../errno.ts';
import { pause } from '../pause.ts';

/**
 * Writes all of a text to a descriptor, however slowly it is read at the other end. A string is written in two thirds
 * of the time that bytes made of it take, so they are made only of one that is not written at once.
 * @throws NodeJS.ErrnoException `EPIPE` when nobody reads any more, `ENOSPC` when the disk is full, …
 */
export function writeAll(descriptor: number, text: string): void {
  let written = patiently(() => writeSync(descriptor, text));
  if (written === Buffer.byteLength(text)) return;
  const bytes = Buffer.from(text);
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
