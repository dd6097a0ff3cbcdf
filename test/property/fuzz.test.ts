import { expect, test } from 'vitest';
import { fuzz, fuzzedFormats, fuzzOnce } from '../support/fuzz/fuzz.ts';
import { KNOWN_SEEDS } from '../support/fuzz/seeds.ts';

/** `npm run test:long` and scripts/fuzz.mjs read far more. */
const INPUTS = 60;

test.each(fuzzedFormats.all)('whatever %s holds is read, or refused', (format) => {
  expect(fuzz(format, INPUTS, 1)).toBeUndefined();
});

test('inputs that have shown a bug show none any more', () => {
  for (const [format, seed] of KNOWN_SEEDS) expect(fuzzOnce(format, seed)).toBeUndefined();
});
