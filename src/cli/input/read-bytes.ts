import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { MAX_BYTES } from '../../parse/decode-text.ts';
import { errnoCode } from '../errno.ts';
import { pause } from '../pause.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * All bytes of a file, a device or a pipe.
 * @param most how many there may be: by default, as many as a text may have
 * @throws NodeJS.ErrnoException when it can't be read; `EFBIG` when there is more
 */
export function readBytes(path: string, most = MAX_BYTES): Uint8Array {
  return readBelow(path, Number.POSITIVE_INFINITY, most).bytes ?? new Uint8Array();
}

/**
 * The same, unless it is a file of at least so many bytes that a text may have: then its bytes are undefined. It is
 * asked about and read by one descriptor, since calls of the system are half of what a small file costs.
 */
export function readBelow(
  path: string,
  limit: number,
  most = MAX_BYTES,
): { readonly stats: Stats; readonly bytes: Uint8Array | undefined } {
  // Without it, a pipe that nobody writes to is never open. Windows has none, and no such pipes.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(descriptor);
    const { size } = stats;
    if (size > most) throw tooLarge(most, `${size} bytes, `);
    if (stats.isFile() && size >= limit) return { stats, bytes: undefined };
    if (size > 0) return { stats, bytes: readSize(descriptor, size) };
    // Files of /proc have no size, whatever is in them.
    const chunks = stats.isFIFO() ? readPipe(descriptor, most) : readToEnd(descriptor, most);
    return { stats, bytes: Buffer.concat(chunks) };
  } finally {
    closeSync(descriptor);
  }
}

/** A file may have become shorter meanwhile. */
function readSize(descriptor: number, size: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(size);
  return bytes.subarray(0, fill(descriptor, bytes));
}

/** Long enough for whoever writes into it to start. */
const PIPE_SECONDS = 5;

/** A pipe that nobody has opened to write is at its end: waits for the first byte. @throws NodeJS.ErrnoException when none comes */
function readPipe(descriptor: number, most: number): readonly Uint8Array[] {
  const giveUp = Date.now() + PIPE_SECONDS * 1000;
  const first = Buffer.allocUnsafe(1);
  while (readSome(descriptor, first, 0) === 0) {
    if (Date.now() > giveUp)
      throw unreadable('ETIMEDOUT', `it is a pipe, and nobody wrote to it for ${PIPE_SECONDS} seconds`);
    pause();
  }
  return [first, ...readToEnd(descriptor, most)];
}

/**
 * Reads a descriptor to its end, in chunks: to join them would take their memory twice. Waits where another process has
 * made a pipe or terminal non-blocking.
 * @throws NodeJS.ErrnoException as above
 */
export function readToEnd(descriptor: number, most = MAX_BYTES): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let size = 0; size <= most; ) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const length = fill(descriptor, chunk);
    chunks.push(chunk.subarray(0, length));
    if (length < CHUNK_BYTES) return chunks;
    size += length;
  }
  throw tooLarge(most);
}

function tooLarge(most: number, size = ''): Error {
  const message = `it is too large: ${size}more than ${most}${size === '' ? ' bytes' : ''}`;
  return unreadable('EFBIG', message);
}

/** As the system says that something cannot be read, in words of our own. */
function unreadable(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, errno: undefined });
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
