import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, cacheFolder, hasGo, missing, PROGRAMS, type ProgramName } from './programs.ts';
import type { Result } from './results.ts';
import { tables } from './table.ts';

/**
 * `npm run interop`: builds the programs of others in their pinned versions, where they are not
 * there yet, signs with them and holds their verdicts against ours.
 * Exit codes: 0 all agree, 1 a disagreement, 3 all that ran agree, but not all could run.
 */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ALL = Object.keys(PROGRAMS) as ProgramName[];
const TESTS = ['test/interop', 'test/gates/opa/real-opa', 'test/gates/kyverno/real-kyverno'];
const EXIT = { agreed: 0, disagreed: 1, partly: 3 } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

buildMissing();
const absent = missing(ALL);
const { results, passed } = await runChecks();
say(`\n${tables(results)}`);
const wrong = results.filter(({ agrees }) => !agrees);
say(`${results.length} verdicts, ${wrong.length} disagreements.`);
for (const name of absent)
  say(`DID NOT RUN: ${PROGRAMS[name].purpose} (no ${PROGRAMS[name].built}).`);
process.exitCode = exitCode();

function exitCode(): number {
  if (wrong.length > 0 || !passed) return EXIT.disagreed;
  return absent.length > 0 || results.length === 0 ? EXIT.partly : EXIT.agreed;
}

function buildMissing(): void {
  const wanted = missing(ALL);
  if (wanted.length === 0) return;
  if (!hasGo()) {
    say('SKIPPED: Go is not on this machine, so nothing is built (https://go.dev/dl).');
    return;
  }
  say(`Building into ${cacheFolder()}; the first time takes some minutes.`);
  for (const [place, name] of wanted.entries()) {
    const { source, version } = PROGRAMS[name];
    say(`  ${place + 1}/${wanted.length} ${source}@${version}`);
    const problem = build(name);
    if (problem !== undefined) say(`      could not be built: ${problem}`);
  }
}

async function runChecks(): Promise<{ results: readonly Result[]; passed: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'interop-results-'));
  const file = join(folder, 'results.jsonl');
  const vitest = join(ROOT, 'node_modules/.bin/vitest');
  const child = spawn(vitest, ['run', ...TESTS, '--root', ROOT, '--maxWorkers', '1'], {
    stdio: 'inherit',
    env: { ...process.env, INTEROP_RESULTS: file },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  await rm(folder, { recursive: true });
  return { results: lines.map((line) => JSON.parse(line) as Result), passed: code === 0 };
}
