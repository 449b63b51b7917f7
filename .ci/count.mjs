// Reads vitest's JSON reports: the first of the whole run, each further one of files that failed
// in the one before and ran again alone. The last word on a file is the newest one.
//   count.mjs REPORT…           prints `N passed, N failed`
//   count.mjs --agree REPORT…   prints nothing; the exit code says whether tests ran and none failed
//   count.mjs --failed REPORT…  prints the files that failed, a line each
// A test file that could not be loaded has no failed test in it, so it counts as one failure itself.
// Without a report nothing passed.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const args = process.argv.slice(2);
const mode = args[0]?.startsWith('--') ? args.shift() : undefined;
const reports = args
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')));

const files = new Map(
  reports.flatMap(({ testResults }) => testResults.map((file) => [file.name, file])),
);
const results = [...files.values()];
const tests = results.flatMap((file) => file.assertionResults);
const count = (status) => tests.filter((test) => test.status === status).length;
const hasFailed = (file) => file.status === 'failed';
const failedToLoad = results.filter(
  (file) => hasFailed(file) && !file.assertionResults.some((test) => test.status === 'failed'),
).length;
const passed = count('passed');
const failed = count('failed') + failedToLoad;

if (mode === '--agree') process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
else if (mode === '--failed')
  for (const file of results.filter(hasFailed))
    process.stdout.write(`${relative('.', file.name)}\n`);
else process.stdout.write(`${passed} passed, ${failed} failed\n`);
