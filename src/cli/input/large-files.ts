import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import type { LargeSourceFile } from '../../model/source.ts';
import { describeErrno } from '../errno.ts';
import type { NamedPlace } from '../project/name-file.ts';

/** A large file that could be found, but not be read to its end. */
export class InputUnreadable extends Error {
  override readonly name = 'InputUnreadable';
  readonly path: string;

  constructor(path: string, reason: string) {
    super(reason);
    this.path = path;
  }
}

/**
 * A regular file that is read bit by bit, whenever something of it is wanted: `fill` throws InputUnreadable. Places in
 * a file that is not what it was could not be told any more, so that it is no longer read.
 * @param stats of the file now
 */
export function openLargeFile({ path, location }: NamedPlace, stats: Stats): LargeSourceFile {
  return {
    path,
    size: stats.size,
    fill: (buffer, position) => {
      try {
        fill(buffer, { path, location, stats, position });
      } catch (error) {
        throw error instanceof InputUnreadable ? error : new InputUnreadable(path, describeErrno(error));
      }
    },
  };
}

interface Stretch extends NamedPlace {
  readonly stats: Stats;
  readonly position: number;
}

function fill(buffer: Uint8Array, { path, location, stats, position }: Stretch): void {
  const descriptor = openSync(location, 'r');
  try {
    if (!isSame(fstatSync(descriptor), stats)) throw changed(path);
    for (let length = 0; length < buffer.length; ) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, position + length);
      if (count === 0) throw changed(path);
      length += count;
    }
  } finally {
    closeSync(descriptor);
  }
}

function isSame(now: Stats, then: Stats): boolean {
  return now.ino === then.ino && now.size === then.size && now.mtimeMs === then.mtimeMs;
}

function changed(path: string): InputUnreadable {
  return new InputUnreadable(path, 'it has changed while it was read');
}

/** A file that is in memory in chunks: if it is large, they are never joined. */
export function fileInChunks(path: string, chunks: readonly Uint8Array[]): LargeSourceFile {
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return { path, size, fill: (buffer, position) => copyFrom(chunks, buffer, position) };
}

function copyFrom(chunks: readonly Uint8Array[], buffer: Uint8Array, position: number): void {
  let start = 0;
  for (const chunk of chunks) {
    const from = Math.max(position, start);
    const to = Math.min(position + buffer.length, start + chunk.length);
    if (from < to) buffer.set(chunk.subarray(from - start, to - start), from - position);
    start += chunk.length;
  }
}
