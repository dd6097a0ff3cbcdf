import { writeSync } from 'node:fs';
import { errnoCode } from '../errno.ts';
import { pause } from '../pause.ts';

/**
 * Writes all of a text to a descriptor, however slowly it is read at the other end.
 * @throws NodeJS.ErrnoException `EPIPE` when nobody reads any more, `ENOSPC` when the disk is full, …
 */
export function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSome(descriptor, bytes, written);
}

function writeSome(descriptor: number, bytes: Buffer, offset: number): number {
  for (;;) {
    try {
      return writeSync(descriptor, bytes, offset);
    } catch (error) {
      if (errnoCode(error) !== 'EAGAIN') throw error;
      pause();
    }
  }
}
