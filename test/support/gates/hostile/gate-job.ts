import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { startJob, type Job } from '#test/support/gates/ci-file';
import { LONGEST_MS } from '#test/support/service/installation';
import type { About } from './questions.ts';

/** With which the gate's own check ends, and so every job that the gate does not let through. */
export const CHECK_FAILS = 7;

const MAIN = fileURLToPath(new URL('../../../../src/cli/ci/main.ts', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'breakglass-hostile-'));

/** Who asks, and where. */
export interface From {
  readonly url: string;
  readonly token: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A CI job at its gate: `breakglass gate` as a process of its own, around a check that fails. */
export function startGateJob({ url, token, env = {} }: From, about: About): Job {
  const { gate, service, environment, branch, run } = about;
  const names = Object.entries({ url, gate, service, environment, branch, 'deploy-id': run });
  const flags = names.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );
  const { NODE_COMPILE_CACHE = '' } = process.env;
  return startJob(
    process.execPath,
    [MAIN, 'gate', ...flags, '--', 'sh', '-c', `exit ${CHECK_FAILS}`],
    {
      cwd: folder,
      env: { RUNNER_TEMP: folder, NODE_COMPILE_CACHE, BREAKGLASS_TOKEN: token, ...env },
    },
  );
}

/** The job of an honest caller gets through; one that a busy machine kept past its 2 s asks again. */
export async function getsThrough(from: From, about: About): Promise<void> {
  await vi.waitFor(
    async () => expect(await startGateJob(from, about).ended).toMatchObject({ code: 0 }),
    { timeout: LONGEST_MS, interval: 100 },
  );
}

/**
 * The job ends as its own check did, and never otherwise, until it does so for this reason: on a busy
 * machine its 2 s may be up before it hears what it was to hear.
 */
export async function isHeldUp(from: From, about: About, reason: string): Promise<void> {
  for (;;) {
    const { code, err } = await startGateJob(from, about).ended;
    expect({ code, err }).toMatchObject({ code: CHECK_FAILS });
    if (err.includes(reason)) return;
    expect(err).toContain('no answer within 2 s');
  }
}
