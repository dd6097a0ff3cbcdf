import { defineConfig } from 'vitest/config';

/** What takes minutes: a kernel of our own for IPVS, long fuzzing. */
const LONG = 'test/**/*.long.test.ts';
const wantsLong = process.env.SVCGEN_TESTS === 'long';

export default defineConfig({
  test: {
    include: [wantsLong ? LONG : 'test/**/*.test.ts'],
    exclude: wantsLong ? [] : [LONG],
    // Machines that are busy with something else are no reason to fail.
    testTimeout: wantsLong ? 1_200_000 : 180_000,
    hookTimeout: 180_000,
    // Kernel tests wait more than they work: two cores do for four of them.
    maxWorkers: 4,
  },
});
