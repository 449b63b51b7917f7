// Prints `N passed, N failed` from a vitest JSON report. A test file that could not be loaded has
// no failed test in it, so it counts as one failure itself. Without a report nothing passed.
// With --agree it prints nothing and its exit code says whether tests ran and none failed.
import { existsSync, readFileSync } from 'node:fs';

const [path, mode] = process.argv.slice(2);
const report = existsSync(path)
  ? JSON.parse(readFileSync(path, 'utf8'))
  : { success: false, numPassedTests: 0, numFailedTests: 0, testResults: [] };

const failedToLoad = report.testResults.filter(
  (file) =>
    file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
).length;
const passed = report.numPassedTests;
const failed = report.numFailedTests + failedToLoad;

if (mode === '--agree') process.exitCode = report.success && passed > 0 && failed === 0 ? 0 : 1;
else process.stdout.write(`${passed} passed, ${failed} failed\n`);
