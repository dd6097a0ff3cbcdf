import { describe, expect, it } from 'vitest';
import { hashName } from '../../../src/resolve/allocation/name-hash.ts';

describe('hashName', () => {
  it('stays as it is: other values would move addresses', () => {
    expect(['', 'default/web', 'default/web/IPv4'].map(hashName)).toEqual([
      2872998923, 1611262052, 1235783882,
    ]);
  });

  it('spreads names that differ in one letter', () => {
    const buckets = Array.from({ length: 16 }, () => 0);
    for (let index = 0; index < 1600; index += 1) {
      const bucket = hashName(`default/svc-${index}`) % 16;
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    expect(Math.max(...buckets)).toBeLessThan(150);
    expect(Math.min(...buckets)).toBeGreaterThan(60);
  });
});
