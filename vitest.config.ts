import { defineConfig } from 'vitest/config';

/** What takes minutes: a kernel of our own for IPVS, long fuzzing; and what is published, as users get it. */
const SLOW: Readonly<Record<string, string>> = {
  long: 'test/**/*.long.test.ts',
  package: 'test/**/*.package.test.ts',
};
const slow = SLOW[process.env.SVCGEN_TESTS ?? ''];

export default defineConfig({
  test: {
    include: [slow ?? 'test/**/*.test.ts'],
    exclude: slow === undefined ? Object.values(SLOW) : [],
    // Machines that are busy with something else are no reason to fail.
    testTimeout: slow === undefined ? 180_000 : 1_200_000,
    hookTimeout: slow === undefined ? 180_000 : 1_200_000,
    // Kernel tests wait more than they work: two cores do for four of them.
    maxWorkers: 4,
  },
});
