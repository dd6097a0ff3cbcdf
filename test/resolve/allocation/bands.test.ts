import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstFree, type Skips, staticBandSize } from '../../../src/resolve/allocation/bands.ts';

describe('staticBandSize', () => {
  const addresses = { step: 16, least: 16, most: 256 };
  it.each([
    [16, 0],
    [17, 16],
    [256, 16],
    [512, 32],
    [4096, 256],
    [1_048_576, 256],
  ])('of %i is %i', (size, expected) => {
    expect(staticBandSize(size, addresses)).toBe(expected);
  });
});

describe('firstFree', () => {
  const free = (bands: { size: number; staticSize: number }, hash: number, taken: readonly number[]) =>
    firstFree(bands, hash, { skips: new Map(), isFree: (offset) => !taken.includes(offset) });

  it('goes round in the upper band, then in the lower one', () => {
    const bands = { size: 6, staticSize: 2 };
    expect(free(bands, 1, [])).toBe(3);
    expect(free(bands, 1, [3, 4, 5])).toBe(2);
    expect(free(bands, 1, [2, 3, 4, 5])).toBe(1);
    expect(free(bands, 1, [1, 2, 3, 4, 5])).toBe(0);
    expect(free(bands, 1, [0, 1, 2, 3, 4, 5])).toBeUndefined();
    expect(free({ size: 0, staticSize: 0 }, 7, [])).toBeUndefined();
  });

  it('finds with skips what it finds without', () => {
    const hashes = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), fc.nat({ max: 15 }), hashes, (size, lower, list) => {
        const bands = { size, staticSize: Math.min(size, lower) };
        const skips: Skips = new Map();
        const taken: number[] = [];
        for (const hash of list) {
          const expected = free(bands, hash, taken);
          const found = firstFree(bands, hash, { skips, isFree: (offset) => !taken.includes(offset) });
          expect(found).toBe(expected);
          if (found !== undefined) taken.push(found);
        }
      }),
    );
  });
});
