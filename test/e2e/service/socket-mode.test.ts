import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { runningServerUrl } from '#postgres/embedded/running-server-url';
import { clockFunction } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { askGate, type Answer, type Deploy } from '#test/support/service/ci-job';
import { postmasterOf } from '#test/support/service/embedded-server';
import { request } from '#test/support/service/incident';
import { layOut } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { query } from '#test/support/service/stored-log';

const DEPLOY: Deploy = { gate: GATE, service: 'checkout', environment: 'staging', run: 'run-1' };

const LAST_MS = 3_000;

/** Every answer from now on, up to the first that says `enforce`. */
async function askUntilEnforced(ask: () => Promise<Answer>): Promise<readonly Answer[]> {
  const heard: Answer[] = [];
  for (;;) {
    const answer = await ask();
    heard.push(answer);
    if (answer.said !== 'bypass') return heard;
    // Slower than a token's rate limit.
    await sleep(100);
  }
}

test('over Socket Mode, on embedded parts: an incident from the command to the review', async () => {
  const acme = await layOut(onTestFinished);
  const service = await acme.start();
  const token = await acme.token(GATE);
  const ask = (deploy: Deploy = DEPLOY) => askGate(acme.url, token, deploy);

  expect(await ask()).toMatchObject({ decision: 'enforce', why: 'no-bypass' });

  const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-1`);
  expect(await ask()).toMatchObject({ decision: 'enforce' });
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('is in bypass');

  const during = await ask();
  expect(during).toMatchObject({ decision: 'bypass' });
  expect(await ask({ ...DEPLOY, environment: 'production' })).toMatchObject({
    decision: 'enforce',
  });
  expect(await ask({ ...DEPLOY, service: 'ledger-db' })).toMatchObject({ decision: 'enforce' });
  await incident.cardSays(DEPLOY.run);

  const expiry = during.expiresAt ?? Number.NaN;
  // Most of the time passes at once, the last of it as it does for everybody.
  const passedMs = expiry - (during.serverTime ?? Number.NaN) - LAST_MS;
  await query((await runningServerUrl(acme.dataDir)) ?? '', clockFunction(passedMs));
  const heard = await askUntilEnforced(ask);
  const times = heard.map((answer) => answer.serverTime ?? Number.NaN);
  // By the database's clock, not ours: every bypass before the expiry, the first enforce not before.
  expect(times.slice(0, -1).every((time) => time < expiry)).toBe(true);
  expect(times.at(-1)).toBeGreaterThanOrEqual(expiry);
  expect(heard.at(-1)?.why).toBe('expired');

  await incident.cardSays('enforces again');
  await incident.completeReview(PEOPLE.onCall);

  const verified = await verifyExport(acme, await exportLog(acme, 'export.jsonl'));
  expect(verified.stdout).toContain('VERIFIED');
  expect(verified.code).toBe(0);

  service.signal('SIGTERM');
  expect(await service.ended).toMatchObject({ code: 0 });
  expect(await postmasterOf(acme.dataDir)).toBeNull();
});
