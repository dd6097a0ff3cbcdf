import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoCode } from '../errno.ts';

/**
 * Makes a folder, and those above it that are missing. (`recursive` of Node.js never returns where folders can't be
 * made, like in /proc.)
 * @throws NodeJS.ErrnoException
 */
export function ensureFolder(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    if (errnoCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    ensureFolder(dirname(path));
    makeFolder(path);
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (errnoCode(error) !== 'EEXIST') throw error;
  }
}
