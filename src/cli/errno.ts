import { getSystemErrorMap } from 'node:util';

/** The code of a system error (`ENOENT`); undefined for anything else that was thrown. */
export function errnoCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('errno' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** `permission denied`, `no space left on device`, …: the words of the operating system, without path and call. */
export function describeErrno(error: unknown): string {
  const errno = error instanceof Error && 'errno' in error ? error.errno : undefined;
  const entry = typeof errno === 'number' ? getSystemErrorMap().get(errno) : undefined;
  if (entry !== undefined) return entry[1];
  return error instanceof Error ? error.message : String(error);
}
