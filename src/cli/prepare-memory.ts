import type { InputFile } from '../model/source.ts';
import { sizeOf } from '../parse/input-file.ts';

/** From so many bytes on a run takes long enough for this to pay. */
const MUCH_INPUT = 8 * 1024 * 1024;

/** V8 asks for this number when its young generation has proved too small. Later versions than this may not know it. */
const FLAG = '--semi-space-growth-factor=16';
const LAST_KNOWN_V8 = 13;

/**
 * Lets the young generation of the heap grow to its full size (16 MB) at once instead of by doubling: of objects that are
 * made for a piece of a large input and no longer needed for the next, fewer are copied. That takes some 5 % off such a
 * run, and no more memory than it has in the end anyway.
 */
export async function prepareMemory(files: readonly InputFile[]): Promise<void> {
  const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
  if (bytes < MUCH_INPUT || Number.parseInt(process.versions.v8, 10) > LAST_KNOWN_V8) return;
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString(FLAG);
}
