// A reporter for vitest that ends with the ten test files that took the longest, so that growth is
// seen in the log of each run. The whole of a file counts: its modules, its hooks, its tests.
import { relative } from 'node:path';

const SHOWN = 10;

export default class Slowest {
  onTestRunEnd(modules) {
    const files = modules.map((file) => ({
      path: relative('.', file.moduleId),
      ms: wholeOf(file),
    }));
    const slowest = files.toSorted((one, other) => other.ms - one.ms).slice(0, SHOWN);
    const all = files.reduce((sum, { ms }) => sum + ms, 0);
    const lines = slowest.map(({ path, ms }) => `${seconds(ms)}  ${path}`);
    process.stdout.write(
      `\n-- slowest files\n${lines.join('\n')}\n${seconds(all)}  all ${files.length} files, one after the other\n`,
    );
  }
}

function wholeOf(file) {
  const { setupDuration, collectDuration, duration } = file.diagnostic();
  return setupDuration + collectDuration + duration;
}

const seconds = (ms) => `${(ms / 1_000).toFixed(1).padStart(7)} s`;
