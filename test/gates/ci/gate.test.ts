import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AskedService } from '#cli/ci/ask';
import type { AskedDeploy } from '#cli/ci/asked-deploy';
import { runGate } from '#cli/ci/gate';
import { passedBy } from '#cli/ci/passed-file';
import { UsageError } from '#cli/report-failure';
import { startScriptedService, type Answer } from '#test/support/gates/decision-service';
import { HOSTILE_ANSWERS } from '#test/support/gates/hostile/answers';

const ASKED: AskedDeploy = {
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  artifact: { name: 'checkout', digest: `sha256:${'a'.repeat(64)}` },
  deploy: { id: 'run-7', attempt: 2 },
};
const CHECK_FAILS = 3;

async function gate({ code = CHECK_FAILS, answer }: { code?: number; answer: Answer }) {
  await using service = await startScriptedService(() => answer);
  const folder = await mkdtemp(join(tmpdir(), 'breakglass-gate-'));
  const env = { RUNNER_TEMP: folder };
  const said: string[] = [];
  const exit = await runGate({
    check: { file: process.execPath, args: ['-e', `process.exit(${code})`, 's3cret'] },
    checkName: null,
    asked: () => ASKED,
    service: () => ({ url: service.url, token: async () => 'bg_token', now: () => Date.now() }),
    env,
    say: (line) => said.push(line),
  });
  return { exit, said, asked: service.asked, passed: await passedBy(ASKED, env) };
}

describe('the gate of a CI job', () => {
  it('asks nothing when its own check passes', async () => {
    const { exit, asked, passed } = await gate({ code: 0, answer: { decision: 'enforce' } });
    expect({ exit, asked, passed }).toEqual({ exit: 0, asked: [], passed: 'check' });
  });

  it('lets the deploy through with a bypass that is signed for it', async () => {
    const { exit, said, asked, passed } = await gate({ answer: { decision: 'bypass' } });
    expect({ exit, passed }).toEqual({ exit: 0, passed: 'bypass' });
    expect(asked).toMatchObject([{ phase: 'start', deploy: ASKED.deploy, service: 'checkout' }]);
    // Not its arguments: what a log keeps for ever must not hold a secret.
    expect(asked[0]?.['check']).toEqual({ name: 'node', result: `exit code ${CHECK_FAILS}` });
    expect(said).toEqual([expect.stringContaining('image-policy: bypass for ')]);
  });

  it('fails as its check did where no bypass covers the deploy, and says what to type', async () => {
    const { exit, said, passed } = await gate({ answer: { decision: 'enforce' } });
    expect({ exit, passed }).toEqual({ exit: CHECK_FAILS, passed: null });
    expect(said).toEqual([
      'image-policy failed, and no bypass covers checkout in production at sha256:aaaaaaaaaaaa… (no-bypass).\nIf this is an incident, type in Slack: /breakglass image-policy checkout production 1h <why>',
    ]);
  });

  const nowS = Math.floor(Date.now() / 1_000);
  const tenMinutesAhead: Answer = {
    decision: 'bypass',
    claims: { iat: nowS + 600, exp: nowS + 630 },
  };
  it.each<readonly [string, Answer]>([
    ...HOSTILE_ANSWERS,
    ['an answer of ten minutes ahead', tenMinutesAhead],
  ])('fails as its check did, hearing %s', async (_, answer) => {
    const { exit, said, passed } = await gate({ answer });
    expect({ exit, passed }).toEqual({ exit: CHECK_FAILS, passed: null });
    expect(said).toHaveLength(1);
  });

  const run = (args: readonly string[], said: string[] = []) => ({
    check: { file: process.execPath, args },
    checkName: null,
    asked: (): AskedDeploy => ASKED,
    service: (): AskedService => {
      throw new UsageError('--url, or BREAKGLASS_URL: the address of the service.');
    },
    env: {},
    say: (line: string) => void said.push(line),
  });

  it('fails as its check did where nothing listens, and where it has no settings', async () => {
    const said: string[] = [];
    const failing = run(['-e', 'process.exit(7)'], said);
    const gone = await startScriptedService(() => ({ decision: 'bypass' }));
    await gone[Symbol.asyncDispose]();
    const nowhere = { url: gone.url, token: async () => 't', now: () => Date.now() };
    expect(await runGate({ ...failing, service: () => nowhere })).toBe(7);
    expect(said[0]).toMatch(
      /could not be found out: no answer \(ECONNREFUSED\)\.\nThe gate enforces\./,
    );
    expect(await runGate(failing)).toBe(7);
    expect(said[1]).toBe(
      'No bypass can be asked for. --url, or BREAKGLASS_URL: the address of the service.',
    );
  });

  it('passes by its own check where nothing could be asked, also for a deploy', async () => {
    const said: string[] = [];
    const RUNNER_TEMP = await mkdtemp(join(tmpdir(), 'breakglass-gate-'));
    expect(await runGate({ ...run(['-e', ''], said), env: { RUNNER_TEMP } })).toBe(0);
    expect(said).toEqual([]);
    expect(await passedBy(ASKED, { RUNNER_TEMP })).toBe('check');
  });

  it('passes by its own check where nothing can be written, and says so', async () => {
    const said: string[] = [];
    const env = { RUNNER_TEMP: '/no/such/folder' };
    expect(await runGate({ ...run(['-e', ''], said), env })).toBe(0);
    expect(said).toEqual([expect.stringContaining('could not be kept (ENOENT)')]);
  });

  it('forgets at its start that an earlier attempt passed', async () => {
    const env = { RUNNER_TEMP: await mkdtemp(join(tmpdir(), 'breakglass-gate-')) };
    expect(await runGate({ ...run(['-e', '']), env })).toBe(0);
    expect(await runGate({ ...run(['-e', 'process.exit(1)']), env })).toBe(1);
    expect(await passedBy(ASKED, env)).toBeNull();
  });

  it('gives the code of a check that a signal ended, and of one that cannot be run', async () => {
    expect(await runGate(run(['-e', 'process.kill(process.pid, "SIGTERM")']))).toBe(143);
    const missing = { file: '/no/such/check', args: [] };
    expect(await runGate({ ...run([]), check: missing })).toBe(127);
    const folder = { file: tmpdir(), args: [] };
    expect(await runGate({ ...run([]), check: folder })).toBe(126);
    const tooLong = { file: process.execPath, args: ['x'.repeat(4_000_000)] };
    expect(await runGate({ ...run([]), check: tooLong })).toBe(126);
  });
});
