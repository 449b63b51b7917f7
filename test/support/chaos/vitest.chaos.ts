import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** A run that `run-chaos.ts` starts: it has its own Postgres, so nothing is set up for it. */
export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    include: ['test/support/chaos/storm.ts'],
    globalSetup: [
      'test/support/service/compile-cache.ts',
      'test/support/service/bundled-command.ts',
    ],
    disableConsoleIntercept: true,
    hookTimeout: 120_000,
  },
});
