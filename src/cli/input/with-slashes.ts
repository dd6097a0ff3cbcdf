import { sep } from 'node:path';

/**
 * A path as reports name it: with slashes on every system, which Windows takes as well. So one input gives the same bytes
 * everywhere, and SARIF and annotations of GitHub find the file. Elsewhere a backslash is a character like any other.
 * @param separator that of the system
 */
export function withSlashes(path: string, separator: string = sep): string {
  return separator === '/' ? path : path.replaceAll(separator, '/');
}
