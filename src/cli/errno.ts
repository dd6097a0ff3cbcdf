import { getSystemErrorMap } from 'node:util';

/** The code of a system error (`ENOENT`); undefined for anything else that was thrown. */
export function errnoCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('errno' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Where the words of the operating system say nothing about what is wrong with the path that somebody gave. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['EISDIR', 'it is a folder, not a file'],
  ['ENOTDIR', 'a part of the path is a file, not a folder'],
  ['ELOOP', 'its links lead in a circle'],
]);

/** `permission denied`, `it is a folder, not a file`, …: what is wrong, without path and call. */
export function describeErrno(error: unknown): string {
  const words = WORDS.get(errnoCode(error) ?? '');
  if (words !== undefined) return words;
  const errno = error instanceof Error && 'errno' in error ? error.errno : undefined;
  const entry = typeof errno === 'number' ? getSystemErrorMap().get(errno) : undefined;
  if (entry !== undefined) return entry[1];
  return error instanceof Error ? error.message : String(error);
}
