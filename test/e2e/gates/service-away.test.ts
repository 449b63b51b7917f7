import { kill } from 'node:process';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { listProcesses } from '#cli/ci/process-tree';
import { brokenLine, type Break } from '#test/support/gates/hostile/broken-line';
import { CHECK_FAILS, getsThrough, startGateJob } from '#test/support/gates/hostile/gate-job';
import { askByStatus, askSigned, type About } from '#test/support/gates/hostile/questions';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { postmasterOf } from '#test/support/service/embedded-server';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import type { BreakglassProcess } from '#test/support/service/breakglass-process';

const home = await layOut(afterAll);
const { url } = home;
let service: BreakglassProcess;
let token = '';
let runs = 0;
const about = (): About => {
  runs += 1;
  return { gate: GATE, service: 'checkout', environment: 'staging', run: `run-${runs}` };
};

beforeAll(async () => {
  service = await home.start();
  token = await home.token(GATE);
  const incident = await request(home.workspace, `${GATE} checkout staging 1h INC-1`);
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('is in bypass');
}, 180_000);

/** The job's end is its check's, and it says why nothing else could be found out. */
async function enforces(at: string, why: RegExp): Promise<void> {
  const { code, err } = await startGateJob({ url: at, token }, about()).ended;
  expect({ code, err }).toMatchObject({ code: CHECK_FAILS });
  expect(err).toContain('could not be found out');
  expect(err).toMatch(why);
}

const passes = (at = url): Promise<void> => getsThrough({ url: at, token }, about());
/** The job's own clock ended it: whoever it asked never answered. */
const TIME_IS_UP = /: no answer within 2 s\.$/m;

describe('a line that is broken', () => {
  const BREAKS: readonly (readonly [Exclude<Break, 'none'>, RegExp])[] = [
    ['silent', TIME_IS_UP],
    ['late', TIME_IS_UP],
    ['half', TIME_IS_UP],
    ['cut', /no answer/],
    ['reset', /no answer \(/],
    ['noise', /no answer \(/],
  ];
  test.for(BREAKS)('%s: the job enforces and ends while it is', async ([broken, why]) => {
    await using line = await brokenLine(url);
    await passes(line.url);
    line.broken = broken;
    await enforces(line.url, why);
    line.broken = 'none';
    await passes(line.url);
  });
});

test('a service that stands still: the job ends before it goes on', async () => {
  await passes();
  service.signal('SIGSTOP');
  onTestFinished(() => service.signal('SIGCONT'));
  await enforces(url, TIME_IS_UP);
  service.signal('SIGCONT');
  await passes();
});

test('a service that is killed in the middle of a question, is away, and starts again', async () => {
  await using line = await brokenLine(url);
  await passes(line.url);
  service.signal('SIGSTOP');
  const { ended } = startGateJob({ url: line.url, token }, about());
  await line.passedOn();
  service.signal('SIGKILL');
  const { code, err } = await ended;
  expect({ code, err }).toMatchObject({ code: CHECK_FAILS });
  expect(err).toContain('could not be found out');

  await service.ended;
  await enforces(url, /no answer \(ECONNREFUSED\)/);
  service = home.spawn();
  const whileItStarts = [];
  while (!service.log().some(({ msg }) => msg === 'ready'))
    whileItStarts.push(await startGateJob({ url, token }, about()).ended);
  for (const one of whileItStarts) expect([0, CHECK_FAILS]).toContain(one.code);
  await passes();
});

test('a service that is told to end says enforce, or nothing', async () => {
  service.signal('SIGTERM');
  const { code } = await startGateJob({ url, token }, about()).ended;
  expect([0, CHECK_FAILS]).toContain(code);
  expect((await service.ended).code).toBe(0);
  await enforces(url, /no answer \(ECONNREFUSED\)/);
  service = await home.start();
  await passes();
});

/** PostgreSQL ends the other backends by itself once one was killed. */
function killIfThere(pid: number): void {
  try {
    kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

describe('a database', () => {
  const postmaster = async (): Promise<number> => {
    const pid = await postmasterOf(home.dataDir);
    if (pid === null) throw new Error('no database runs');
    return pid;
  };
  const backendsOf = (of: number): readonly number[] =>
    listProcesses().flatMap(({ pid, parent }) => (parent === of ? [pid] : []));

  test('that stands still: the service says enforce while it does, by itself', async () => {
    const server = await postmaster();
    const all = [server, ...backendsOf(server)];
    const goOn = (): void => all.forEach((pid) => void kill(pid, 'SIGCONT'));
    for (const pid of all) kill(pid, 'SIGSTOP');
    try {
      for (const ask of [askSigned, askByStatus])
        expect(await ask(url, token, about())).toMatchObject({ status: 503, decision: 'enforce' });
      await enforces(url, /503: No decision could be made|no answer within 2 s/);
    } finally {
      goOn();
    }
    await passes();
  });

  test('whose backends are killed: what is asked meanwhile is never let through by mistake', async () => {
    const server = await postmaster();
    for (const pid of backendsOf(server)) killIfThere(pid);
    const told = await Promise.all([askSigned, askByStatus].map((ask) => ask(url, token, about())));
    for (const { status, decision } of told)
      expect([
        [200, 'bypass'],
        [200, 'enforce'],
        [403, 'enforce'],
        [503, 'enforce'],
      ]).toContainEqual([status, decision]);
    await vi.waitFor(
      async () => expect(await askByStatus(url, token, about())).toMatchObject({ status: 200 }),
      { timeout: LONGEST_MS, interval: 100 },
    );
    await passes();
  });
});
