import { relative, sep } from 'node:path';

/** A file or folder, and where it is. */
export interface NamedPlace {
  /** What it is called in messages. */
  readonly path: string;
  /** Where it is opened. */
  readonly location: string;
}

/**
 * What a file is called in messages and reports: below the folder of a project file by its path from there, so that they are
 * the same whatever folder one stands in; any other file as it was named.
 * @param folder absolute; undefined: there is no project file
 */
export function nameFile(path: string, folder: string | undefined): string {
  if (folder === undefined) return path;
  if (path === folder) return '.';
  return isWithin(path, folder) ? relative(folder, path) : path;
}

/** Whether a path is a folder or somewhere below it. Both are of one kind: without links, or as they were named. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
