import { spawnSync } from 'node:child_process';
import { missing, PROGRAMS, type ProgramName } from './programs.ts';

/** Whether these programs are missing; then says aloud which checks do not run, and why. */
export function skips(
  checks: string,
  names: readonly ProgramName[],
  others: readonly string[] = ['openssl'],
): boolean {
  const absent = missing(names).map((name) => `${PROGRAMS[name].built} ${PROGRAMS[name].version}`);
  const all = [...absent, ...others.filter((name) => !isHere(name))];
  if (all.length === 0) return false;
  // oxlint-disable-next-line no-console -- a check that did not run must be seen
  console.warn(`SKIPPED: ${checks}. Not on this machine: ${all.join(', ')} (npm run interop)`);
  return true;
}

// Started and not asked for anything: that there is no such file is all that counts.
function isHere(name: string): boolean {
  return spawnSync(name, ['-V'], { timeout: 5_000 }).error === undefined;
}
