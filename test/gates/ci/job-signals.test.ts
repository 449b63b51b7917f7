import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { rememberPassed } from '#cli/ci/passed-file';
import { builtCi, startJob, type Job } from '#test/support/gates/ci-file';
import {
  startScriptedService,
  type Answer,
  type ScriptedService,
} from '#test/support/gates/decision-service';
import { isRunning } from '#test/support/gates/is-running';

const NAMED = ['--gate=g', '--service=s', '--environment=e', '--deploy-id=d'];
const ASKED = { gate: 'g', service: 's', environment: 'e', deploy: { id: 'd', attempt: 1 } };
const BYPASS: Answer = { decision: 'bypass' };
const PATIENCE = { timeout: 20_000 };

/** A command that writes its pid, and each signal it hears; it ends at the first that it obeys. */
const listening = (file: string, obeys: readonly string[]): string => `
  const { appendFileSync } = require('node:fs');
  const log = (word) => appendFileSync(${JSON.stringify(file)}, word + ' ');
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(name, () => { log(name); if (${JSON.stringify(obeys)}.includes(name)) process.exit(9); });
  log(process.pid);
  setInterval(() => {}, 1000);`;

describe('a job that is told to end', () => {
  let ci: string;
  beforeAll(async () => {
    ci = join(await builtCi(), 'breakglass-ci.mjs');
  });

  interface Started {
    readonly job: Job;
    readonly written: () => Promise<string>;
    /** Of the command, once it runs. */
    readonly pid: () => Promise<number>;
  }

  async function start(
    service: ScriptedService,
    command: 'gate' | 'deploy',
    obeys: readonly string[],
    more: readonly string[] = [],
  ): Promise<Started> {
    const folder = await mkdtemp(join(tmpdir(), 'breakglass-signals-'));
    const file = join(folder, 'written');
    await writeFile(file, '');
    const env = { RUNNER_TEMP: folder, BREAKGLASS_URL: service.url, BREAKGLASS_TOKEN: 't' };
    if (command === 'deploy') await rememberPassed(ASKED, env, 'bypass');
    const what = ['--', process.execPath, '-e', listening(file, obeys)];
    const job = startJob(process.execPath, [ci, command, ...NAMED, ...more, ...what], {
      cwd: folder,
      env,
    });
    const written = (): Promise<string> => readFile(file, 'utf8');
    const pid = (): Promise<number> =>
      vi.waitFor(async () => {
        const found = Number.parseInt(await written(), 10);
        expect(found).toBeGreaterThan(0);
        return found;
      }, PATIENCE);
    return { job, written, pid };
  }

  const phases = ({ asked }: ScriptedService): string[] =>
    asked.map(({ phase, outcome }) => [phase, outcome].filter(Boolean).join(' '));

  it('does not ask whether a check that was cancelled may be passed over', async () => {
    await using service = await startScriptedService(() => BYPASS);
    const { job, pid, written } = await start(service, 'gate', ['SIGINT']);
    await pid();
    job.child.kill('SIGINT');
    expect((await job.ended).code).toBe(9);
    expect(await written()).toMatch(/^\d+ SIGINT $/);
    expect(phases(service)).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'hands %s on to its deploy once, and reports that it was cancelled',
    async (name) => {
      await using service = await startScriptedService(() => BYPASS);
      const { job, pid, written } = await start(service, 'deploy', [name]);
      await pid();
      job.child.kill(name);
      expect((await job.ended).code).toBe(9);
      expect(await written()).toMatch(new RegExp(`^\\d+ ${name} $`));
      expect(phases(service).at(-1)).toBe('finish cancelled');
    },
  );

  it('goes from SIGINT to SIGTERM as the runner of GitHub does', async () => {
    await using service = await startScriptedService(() => BYPASS);
    const { job, pid, written } = await start(service, 'deploy', ['SIGTERM']);
    await pid();
    job.child.kill('SIGINT');
    await vi.waitFor(async () => expect(await written()).toContain('SIGINT'), PATIENCE);
    job.child.kill('SIGTERM');
    expect((await job.ended).code).toBe(9);
    expect(phases(service).at(-1)).toBe('finish cancelled');
  });

  it('ends a deploy that is on hold', async () => {
    await using service = await startScriptedService(({ phase }) =>
      phase === 'recheck' && service.asked.filter((one) => one.phase === 'recheck').length === 1
        ? BYPASS
        : { decision: 'enforce', reason: 'expired' },
    );
    const { job, pid } = await start(service, 'deploy', ['SIGTERM']);
    await pid();
    await vi.waitFor(() => expect(phases(service)).toHaveLength(2), PATIENCE);
    job.child.kill('SIGTERM');
    expect((await job.ended).code).toBe(9);
    expect(phases(service).at(-1)).toBe('finish cancelled');
  });

  it('starts no deploy that was told to end before it began', async () => {
    let asked: (() => void) | undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    await using service = await startScriptedService(({ phase }) => {
      if (phase === 'finish') return { decision: 'enforce', reason: 'finished' };
      asked?.();
      return () => {};
    });
    const { job, written } = await start(service, 'deploy', []);
    await isAsked;
    job.child.kill('SIGTERM');
    expect((await job.ended).code).toBe(143);
    expect(await written()).toBe('');
    expect(phases(service)).toEqual(['recheck', 'finish cancelled']);
  });

  it('killed without a word, takes its deploy with it', async () => {
    await using service = await startScriptedService(() => BYPASS);
    const { job, pid, written } = await start(service, 'deploy', ['SIGTERM']);
    const command = await pid();
    job.child.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning(command)).toBe(false), PATIENCE);
    expect(await written()).toMatch(/^\d+ SIGTERM $/);
  });

  it('killed without a word, kills a deploy that does not listen', async () => {
    await using service = await startScriptedService(() => BYPASS);
    const { job, pid } = await start(service, 'deploy', [], ['--grace=1']);
    const command = await pid();
    job.child.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning(command)).toBe(false), PATIENCE);
  });
});
