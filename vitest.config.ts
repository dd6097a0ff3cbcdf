import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Machines that are busy with something else are no reason to fail.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Kernel tests wait more than they work: two cores do for four of them.
    maxWorkers: 4,
  },
});
