import { expect, onTestFinished, test, vi } from 'vitest';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { askGate, type Answer, type Deploy } from '#test/support/service/ci-job';
import { postmasterOf } from '#test/support/service/embedded-server';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';

const DEPLOY: Deploy = { gate: GATE, service: 'checkout', environment: 'staging', run: 'run-1' };

test('kill -9 of Postgres: enforce until it is back, and nothing taken is lost', async () => {
  const acme = await layOut(onTestFinished);
  const service = await acme.start();
  const token = await acme.token(GATE);
  const open = await request(acme.workspace, `${GATE} checkout staging 15m INC-1`);
  await open.approve(PEOPLE.peer);
  await open.cardSays('is in bypass');
  const waiting = await request(acme.workspace, `${GATE} checkout production 15m INC-2`);
  expect(await askGate(acme.url, token, DEPLOY)).toMatchObject({ decision: 'bypass' });
  await open.cardSays(DEPLOY.run);
  await waiting.asked(PEOPLE.release2);

  // Taken, and perhaps at any point between the ack and the commit.
  expect(await waiting.approve(PEOPLE.release1)).toBe(true);
  const pid = await postmasterOf(acme.dataDir);
  process.kill(pid ?? Number.NaN, 'SIGKILL');
  const heard: Answer[] = [];
  await vi.waitFor(
    async () => {
      heard.push(await askGate(acme.url, token, DEPLOY));
      expect(await postmasterOf(acme.dataDir)).not.toBe(pid);
      expect(heard.at(-1)?.decision).toBe('bypass');
    },
    { timeout: LONGEST_MS, interval: 100 },
  );
  // A backend may have answered before it knew of its postmaster's death; else the service said no.
  for (const { why } of heard) expect(['bypassed', 'unavailable', 'status 503']).toContain(why);

  await waiting.cardSays('R. Roe');
  await waiting.approve(PEOPLE.release2);
  await waiting.cardSays('is in bypass');
  expect(await verifyExport(acme, await exportLog(acme, 'export.jsonl'))).toMatchObject({
    code: 0,
  });
  expect(service.isRunning()).toBe(true);
  // What people typed stands in queries that failed, and in no log.
  expect(service.output()).not.toContain('rollback image');
  service.signal('SIGTERM');
  expect(await service.ended).toMatchObject({ code: 0 });
  expect(await postmasterOf(acme.dataDir)).toBeNull();
});
