import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shardNodes } from '../../../src/resolve/proxy/shard-nodes.ts';
import { node } from '../../support/cluster.ts';

const nodes = (names: readonly string[]) => names.map((name) => node({ name }));
const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/), { maxLength: 40 });
const counts = fc.integer({ min: 1, max: 12 });

function shards(all: readonly string[], count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, index) =>
    shardNodes(nodes(all), { index: index + 1, count }).map(({ name }) => name),
  );
}

test('every node is in one shard, and shards are alike in size', () => {
  fc.assert(
    fc.property(names, counts, (all, count) => {
      const parts = shards(all, count);
      expect(parts.flat().sort()).toEqual([...all].sort());
      const sizes = parts.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('the order of the input does not matter', () => {
  fc.assert(
    fc.property(names, counts, (all, count) => {
      expect(shards([...all].reverse(), count)).toEqual(shards(all, count));
    }),
  );
});

test('one node more moves at most one node over each border between shards', () => {
  fc.assert(
    fc.property(names, counts, (all, count) => {
      const fewer = shards(all.slice(1), count);
      const more = shards(all, count);
      const moved = fewer.flatMap((part, index) =>
        part.filter((name) => more[index]?.includes(name) !== true),
      );
      expect(moved.length).toBeLessThan(count);
    }),
  );
});
