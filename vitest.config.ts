import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres/global-setup.ts', 'test/support/service/compile-cache.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: SlowestFirst },
    // Tests of the service as a process mostly wait, so that four fill the two cores of a small machine.
    maxWorkers: 4,
  },
});
