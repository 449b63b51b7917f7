import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * `npm run chaos -- --minutes 30 --seed 7`: two replicas on a real Postgres, a night of incidents,
 * and every fault of `faults.ts` again and again; then a table of what was struck and which rules
 * held. Exits with 1 on any breach, and says by which seed it is had again.
 */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const minutes = Number(values.minutes);
if (!Number.isSafeInteger(seed) || !(minutes > 0)) {
  process.stderr.write('usage: npm run chaos -- [--minutes N] [--seed N]\n');
  process.exit(2);
}
const child = spawn(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/support/chaos/vitest.chaos.ts'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      CHAOS_SEED: String(seed),
      CHAOS_MINUTES: String(minutes),
      // Services start again and again: bundled once, each does so in half the time.
      BREAKGLASS_TEST_BUNDLE: '1',
    },
  },
);
await once(child, 'exit');
process.exitCode = child.exitCode === 0 ? 0 : 1;
if (process.exitCode !== 0)
  process.stderr.write(`again: npm run chaos -- --minutes ${minutes} --seed ${seed}\n`);
