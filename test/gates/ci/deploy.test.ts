import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { AskedDeploy } from '#cli/ci/asked-deploy';
import { runDeploy } from '#cli/ci/deploy';
import { rememberPassed, type PassedBy } from '#cli/ci/passed-file';
import { isRunning } from '#test/support/gates/is-running';
import { UsageError } from '#cli/report-failure';
import {
  startScriptedService,
  type Answer,
  type AskedBody,
} from '#test/support/gates/decision-service';

const ASKED: AskedDeploy = {
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  deploy: { id: 'run-7', attempt: 1 },
};

interface Deployed {
  readonly exit: number;
  readonly said: readonly string[];
  readonly phases: readonly string[];
  /** What the command and the rollback wrote. */
  readonly written: string;
}

interface Given {
  readonly passed: PassedBy | null;
  /** JavaScript; `log(word)` writes a word to the job's file. */
  readonly script: string;
  readonly rollback?: string;
  readonly answer: (asked: AskedBody, rechecks: number) => Answer;
  readonly holdMaxMs?: number;
  readonly graceMs?: number;
}

async function deploy({ passed, script, rollback, answer, ...limits }: Given): Promise<Deployed> {
  const folder = await mkdtemp(join(tmpdir(), 'breakglass-deploy-'));
  const file = join(folder, 'written');
  await writeFile(file, '');
  const written = (): Promise<string> => readFile(file, 'utf8');
  let rechecks = 0;
  await using service = await startScriptedService((asked) => {
    if (asked.phase === 'recheck') rechecks += 1;
    return answer(asked, rechecks);
  });
  const env = { RUNNER_TEMP: folder };
  if (passed !== null) await rememberPassed(ASKED, env, passed);
  const said: string[] = [];
  const log = `const log = (w) => fs.appendFileSync(${JSON.stringify(file)}, w + ' ');`;
  const setLog = `process.env.LOG = ${JSON.stringify(log)};`;
  const run = (code: string) => ({
    file: process.execPath,
    args: ['-e', `${log} ${setLog} ${code}`],
  });
  const exit = await runDeploy({
    asked: ASKED,
    command: run(script),
    rollback: rollback === undefined ? null : run(rollback),
    service: () => ({ url: service.url, token: async () => 'bg_token', now: () => Date.now() }),
    env,
    holdMaxMs: 60_000,
    graceMs: 60_000,
    ...limits,
    say: (line) => said.push(line),
  });
  const phases = service.asked.map((one) => [one.phase, one.outcome].filter(Boolean).join(' '));
  return { exit, said, phases, written: await written() };
}

const BYPASS: Answer = { decision: 'bypass' };
const ENFORCE: Answer = { decision: 'enforce', reason: 'expired' };
const bypassFor = (rechecks: number, first: Answer) => (asked: AskedBody, count: number) =>
  asked.phase === 'finish' ? ENFORCE : count <= rechecks ? first : ENFORCE;
const doing = (inFlight: 'hold' | 'cancel' | 'rollback'): Answer => ({
  decision: 'bypass',
  claims: { inFlight },
});

// Longer than any test: such a command ends only by a signal.
const FOREVER = "log('started'); setInterval(() => {}, 1000);";
const ENDS_WHEN_TOLD = `process.on('SIGTERM', () => { log('told'); process.exit(9); }); ${FOREVER}`;

describe('a deploy under a bypass', () => {
  it('is not started in a job that did not pass the gate', async () => {
    const seen = await deploy({ passed: null, script: "log('ran')", answer: () => BYPASS });
    expect(seen).toMatchObject({ exit: 1, phases: [], written: '' });
    expect(seen.said[0]).toContain('did not pass it');
  });

  it('runs unwatched where the gate’s own check had passed', async () => {
    const seen = await deploy({
      passed: 'check',
      script: "log('ran'); process.exit(4)",
      answer: () => ENFORCE,
    });
    expect(seen).toMatchObject({ exit: 4, phases: [], written: 'ran ' });
  });

  it('is not started where the bypass ended since the gate, and says that it was cancelled', async () => {
    const seen = await deploy({ passed: 'bypass', script: "log('ran')", answer: () => ENFORCE });
    expect(seen).toMatchObject({ exit: 1, phases: ['recheck', 'finish cancelled'], written: '' });
  });

  it.each([
    [0, 'succeeded'],
    [5, 'failed'],
  ])('that ends with %i reports %s', async (code, outcome) => {
    const script = `process.exit(${code})`;
    const seen = await deploy({ passed: 'bypass', script, answer: () => BYPASS });
    expect(seen.exit).toBe(code);
    expect(seen.phases).toEqual(['recheck', `finish ${outcome}`]);
  });

  it('is told to end when the bypass does, where the policy cancels', async () => {
    const answer = bypassFor(2, doing('cancel'));
    const seen = await deploy({ passed: 'bypass', script: ENDS_WHEN_TOLD, answer });
    expect(seen).toMatchObject({ exit: 9, written: 'started told ' });
    expect(seen.phases).toEqual(['recheck', 'recheck', 'recheck', 'finish cancelled']);
    expect(seen.said.join('\n')).toContain('image-policy enforces again (expired)');
  });

  it('runs where its check had passed although nothing could be asked', async () => {
    const env = { RUNNER_TEMP: await mkdtemp(join(tmpdir(), 'breakglass-deploy-')) };
    await rememberPassed(ASKED, env, 'check');
    const exit = await runDeploy({
      asked: ASKED,
      command: { file: process.execPath, args: ['-e', 'process.exit(6)'] },
      rollback: null,
      service: () => {
        throw new UsageError('--url');
      },
      env,
      holdMaxMs: 0,
      graceMs: 0,
      say: () => {},
    });
    expect(exit).toBe(6);
  });

  it('is ended with what left its process group, as `timeout` does, and kills what stays', async () => {
    const answer = bypassFor(1, doing('cancel'));
    // A shell that ends at once, over one in a session of its own that does not listen.
    const deaf = `process.on('SIGTERM', () => log('deaf')); log('pid:' + process.pid); setInterval(() => {}, 1000)`;
    const script = `const own = { detached: true, stdio: 'inherit' };
      child_process.spawn(process.execPath, ['-e', process.env.LOG + ${JSON.stringify(deaf)}], own);
      setInterval(() => {}, 1000);`;
    const seen = await deploy({ passed: 'bypass', script, answer, graceMs: 1_500 });
    expect(seen.exit).toBe(143);
    expect(seen.written).toMatch(/^pid:\d+ deaf $/);
    expect(seen.said.at(-1)).toContain('was killed');
    expect(seen.phases.at(-1)).toBe('finish cancelled');
    const pid = Number(/\d+/.exec(seen.written)?.[0]);
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
  });

  it('is ended where it cannot be held for longer', async () => {
    const answer = bypassFor(1, doing('hold'));
    const seen = await deploy({ passed: 'bypass', script: ENDS_WHEN_TOLD, answer, holdMaxMs: 100 });
    expect(seen).toMatchObject({ exit: 9, written: 'started told ' });
    expect(seen.phases.at(-1)).toBe('finish cancelled');
  });

  it.each([
    ['none is given', undefined, 'no --rollback command was given'],
    ['it fails', "log('tried'); process.exit(3)", 'the rollback failed with exit code 3'],
  ])('says that it failed where it was to be rolled back and %s', async (_, rollback, said) => {
    const answer = bypassFor(1, doing('rollback'));
    const given = { passed: 'bypass', script: ENDS_WHEN_TOLD, answer } as const;
    const seen = await deploy(rollback === undefined ? given : { ...given, rollback });
    expect(seen.exit).toBe(9);
    expect(seen.said.at(-1)).toContain(said);
    expect(seen.phases.at(-1)).toBe('finish failed');
  });

  it('that went through and was rolled back has not succeeded', async () => {
    const script = `process.on('SIGTERM', () => process.exit(0)); ${FOREVER}`;
    const answer = bypassFor(1, doing('rollback'));
    const rollback = "log('undone')";
    const seen = await deploy({ passed: 'bypass', script, rollback, answer });
    expect(seen).toMatchObject({ exit: 1, written: 'started undone ' });
    expect(seen.phases.at(-1)).toBe('finish cancelled');
  });

  it('keeps its own end where that cannot be reported', async () => {
    const answer = (asked: AskedBody): Answer =>
      asked.phase === 'finish' ? (request) => void request.socket.destroy() : BYPASS;
    const seen = await deploy({ passed: 'bypass', script: '', answer });
    expect(seen.exit).toBe(0);
    expect(seen.phases).toEqual(['recheck', ...Array(3).fill('finish succeeded')]);
    expect(seen.said).toEqual([expect.stringContaining('could not be reported')]);
  });

  it('is rolled back where the policy says so', async () => {
    const answer = bypassFor(1, doing('rollback'));
    const rollback = "log('undone')";
    const seen = await deploy({ passed: 'bypass', script: ENDS_WHEN_TOLD, rollback, answer });
    expect(seen).toMatchObject({ exit: 9, written: 'started told undone ' });
    expect(seen.phases.at(-1)).toBe('finish cancelled');
  });

  it('that goes through although it was told to end says that it succeeded', async () => {
    const script = `process.on('SIGTERM', () => process.exit(0)); ${FOREVER}`;
    const seen = await deploy({ passed: 'bypass', script, answer: bypassFor(1, doing('cancel')) });
    expect(seen).toMatchObject({ exit: 0 });
    expect(seen.phases.at(-1)).toBe('finish succeeded');
  });

  it('is held where it stands, and goes on once a bypass covers it again', async () => {
    const answer = (asked: AskedBody, rechecks: number): Answer =>
      asked.phase === 'finish' || rechecks === 2 ? ENFORCE : doing('hold');
    const script = `log('started'); setTimeout(() => { log('through'); }, 3000);`;
    const seen = await deploy({ passed: 'bypass', script, answer });
    expect(seen).toMatchObject({ exit: 0, written: 'started through ' });
    expect(seen.said.join('\n')).toMatch(/on hold[\s\S]*it goes on\.$/);
    expect(seen.phases.at(-1)).toBe('finish succeeded');
  });

  it('goes on through a short silence of the service', async () => {
    const answer = (asked: AskedBody, rechecks: number): Answer =>
      rechecks === 2 && asked.phase === 'recheck'
        ? (_, response) => void response.writeHead(503).end('{"title":"No decision"}')
        : BYPASS;
    const script = 'setTimeout(() => process.exit(0), 4500)';
    const seen = await deploy({ passed: 'bypass', script, answer });
    expect(seen.exit).toBe(0);
    expect(seen.said).toEqual([expect.stringContaining('while its lease lasts')]);
  });

  it('goes on, and reports again, where the service cannot look', async () => {
    const away: Answer = { decision: 'enforce', reason: 'unavailable' };
    let finishes = 0;
    const answer = (asked: AskedBody, rechecks: number): Answer => {
      if (asked.phase !== 'finish') return rechecks === 2 ? away : doing('cancel');
      finishes += 1;
      return finishes === 1 ? away : ENFORCE;
    };
    const script = 'setTimeout(() => process.exit(0), 4500)';
    const seen = await deploy({ passed: 'bypass', script, answer });
    expect(seen.exit).toBe(0);
    expect(seen.said).toEqual([expect.stringContaining('while its lease lasts')]);
    expect(seen.phases.slice(-2)).toEqual(['finish succeeded', 'finish succeeded']);
  });

  it('is ended at the end of the bypass that it heard of, if nothing more is heard', async () => {
    const answer = (asked: AskedBody, rechecks: number): Answer =>
      rechecks > 1 && asked.phase === 'recheck'
        ? (request) => void request.socket.destroy()
        : { ...(doing('cancel') as object), decision: 'bypass', leftMs: 3_000 };
    const seen = await deploy({ passed: 'bypass', script: ENDS_WHEN_TOLD, answer });
    expect(seen).toMatchObject({ exit: 9, written: 'started told ' });
    expect(seen.phases.at(-1)).toBe('finish cancelled');
  });
});
