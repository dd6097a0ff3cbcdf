import type { Node } from '../../model/cluster.ts';
import { hashName } from '../allocation/name-hash.ts';

/** One of several equal parts. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/**
 * The nodes of one shard, sorted by name. Every node is in one shard, their sizes differ by one at most, and a node
 * more or less moves few others: nodes stand in the order of hashes of their names, and each shard takes its stretch.
 */
export function shardNodes(nodes: readonly Node[], { index, count }: Shard): readonly Node[] {
  const ordered = nodes
    .map((node) => ({ node, hash: hashName(node.name) }))
    .sort((one, other) => one.hash - other.hash || byName(one.node, other.node))
    .map(({ node }) => node);
  const start = (number: number) => Math.floor((number * ordered.length) / count);
  return ordered.slice(start(index - 1), start(index)).sort(byName);
}

function byName(one: Node, other: Node): number {
  return one.name < other.name ? -1 : 1;
}
