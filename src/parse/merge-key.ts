import { isScalar } from 'yaml';

/** `<<`, unquoted: the entries of the map behind it belong to this one. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}
