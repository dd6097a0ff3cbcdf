import { existsSync, lstatSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How project files are called. No command takes one for manifests. */
export const PROJECT_FILE = 'svcgen.yaml';

/** Where the project file is, and why it must not count, if so. */
export interface FoundProject {
  /** Absolute. */
  readonly path: string;
  /** undefined: it counts. */
  readonly danger: string | undefined;
}

/**
 * The nearest project file, from a folder upwards. A work tree of Git ends the search at its top, as it ends what a
 * repository says: what stands above it is of somebody else. So does a folder that strangers share, such as /tmp (any user may
 * put a file or a `.git` there: CVE-2022-24765 was Git's), and a folder above that everybody may write. The folder that
 * one stands in may be open to all, as CI systems check repositories out: whoever runs a command there has chosen it.
 * @param start absolute
 */
export function findProject(start: string): FoundProject | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, PROJECT_FILE);
    const isOpen =
      isShared(folder) || (folder !== start && (isWritableByAll(folder) || isWritableByAll(path)));
    if (isThere(path))
      return { path, danger: isOpen ? 'everybody may write to it or to its folder' : dangerOf(path) };
    if (isOpen || existsSync(join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}

function isThere(path: string): boolean {
  const stats = statOf(path);
  return stats !== undefined && !stats.isDirectory();
}

/** A link could show lines of any file of this machine in an error message. */
function dangerOf(path: string): string | undefined {
  return statOf(path)?.isFile() === true ? undefined : 'it is a link or no regular file';
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

const STICKY = 0o1000;
const WRITABLE_BY_ALL = 0o002;

/** Open to all, and the sticky bit keeps them from each other's files. */
function isShared(folder: string): boolean {
  return isWritableByAll(folder) && (modeOf(folder) & STICKY) !== 0;
}

/** Windows has other rights, and Node.js shows them as if everybody could write. */
function isWritableByAll(path: string): boolean {
  return process.platform !== 'win32' && (modeOf(path) & WRITABLE_BY_ALL) !== 0;
}

function modeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  } catch {
    return 0;
  }
}
