import { describe, expect, test } from 'vitest';
import { fuzz, fuzzedFormats } from '../support/fuzz/fuzz.ts';
import { fuzzReaders } from '../support/fuzz-readers.ts';

const INPUTS = 1500;
const TEXTS = 40_000;

describe('other inputs each time: the seed of what shows a bug is told', () => {
  const seed = Date.now() % 2 ** 31;

  test.each(fuzzedFormats.all)('whatever %s holds is read, or refused', (format) => {
    expect(fuzz(format, INPUTS, seed)).toBeUndefined();
  });

  test('both readers of YAML agree', () => {
    expect(fuzzReaders(TEXTS, seed)).toBeGreaterThan(TEXTS / 10);
  });
});
