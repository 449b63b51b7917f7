import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * `npm run test:faults -- --seed 100 --seeds 20`: the fault tests, and those that draw histories once
 * for each seed. CI runs the same files once.
 */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ALL = ['test/faults'];
/** What they do is drawn; the others do the same with every seed. */
const DRAWN = ['test/faults/histories.test.ts', 'test/faults/service/process-histories.test.ts'];

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '5' },
  },
});
const first = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const seeds = Number(values.seeds);
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(seeds) || seeds < 1) {
  process.stderr.write('usage: npm run test:faults -- [--seed N] [--seeds K]\n');
  process.exit(2);
}
const failed: string[] = [];
for (let seed = first; seed < first + seeds; seed += 1) {
  const files = seed === first ? ALL : DRAWN;
  process.stdout.write(`seed ${seed} (${seed - first + 1} of ${seeds}): ${files.join(' ')}\n`);
  if (await passes(files, seed)) continue;
  failed.push(`FC_SEED=${seed} npx vitest run ${files.join(' ')}`);
  process.stdout.write(`FAILED; again: ${failed.at(-1)}\n`);
}
process.stdout.write(`\n${seeds - failed.length} of ${seeds} seeds held.\n`);
for (const command of failed) process.stdout.write(`again: ${command}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function passes(files: readonly string[], seed: number): Promise<boolean> {
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, FC_SEED: String(seed), BREAKGLASS_TEST_BUNDLE: '1' },
  });
  await once(child, 'exit');
  return child.exitCode === 0;
}
