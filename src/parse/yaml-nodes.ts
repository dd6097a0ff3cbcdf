import { isNode, isScalar } from 'yaml';
import type { Range } from './place.ts';

/** The range of a node in its file; `start` is where its document stands. */
export function rangeOf(node: unknown, start: number): Range {
  const [from, to] = (isNode(node) ? node.range : undefined) ?? [0, 1];
  return { start: start + from, end: start + Math.max(to, from) };
}

/** `<<` without quotes. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
}
