import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first.ts';

/** Files that start the service as a process: they mostly wait, and settle how long for at import. */
const APART = ['test/{faults,interop}/**/*.test.ts', 'test/e2e/!(corpus)/**/*.test.ts'];

export default defineConfig({
  test: {
    globalSetup: [
      'test/support/postgres/global-setup.ts',
      'test/support/service/compile-cache.ts',
      'test/support/service/bundled-command.ts',
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: SlowestFirst },
    // Tests of the service as a process mostly wait: it takes so many to fill two cores.
    maxWorkers: 5,
    projects: [
      { extends: true, test: { name: 'apart', include: APART } },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: APART,
          // What they import is read once a worker, not once a file. No file may leave anything of
          // its own behind in a module, in the environment, or among the globals.
          isolate: false,
        },
      },
    ],
  },
});
