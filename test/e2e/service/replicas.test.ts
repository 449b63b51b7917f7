import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { askGate, type Deploy } from '#test/support/service/ci-job';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { ofType, storedLog } from '#test/support/service/stored-log';

const database = await testDatabase();
const skewed = [await testDatabase(), await testDatabase()] as const;
const DEPLOY: Deploy = { gate: GATE, service: 'checkout', environment: 'production', run: 'run-1' };
const MINUTE_MS = 60_000;

test('two replicas on one database serve presses and questions, and close once', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: database.url });
  const other = await layOut(onTestFinished, { databaseUrl: database.url, replicaOf: acme });
  const [service, replica] = await Promise.all([acme.start(), other.start()]);
  await acme.workspace.waitForSockets(2, { timeoutMs: LONGEST_MS });
  const token = await acme.token(GATE);
  const incident = await request(acme.workspace, `${GATE} checkout production 15m INC-1`);
  await incident.approve(PEOPLE.release1);
  await incident.approve(PEOPLE.release2);
  await incident.cardSays('is in bypass');
  for (const url of [acme.url, other.url])
    expect(await askGate(url, token, DEPLOY)).toMatchObject({ decision: 'bypass' });

  // One goes while the other serves on: its presses, and the close, are the other's.
  service.signal('SIGTERM');
  expect(await service.ended).toMatchObject({ code: 0 });
  await database.setClockOffset(15 * MINUTE_MS);
  await incident.cardSays('enforces again');
  expect(await askGate(other.url, token, DEPLOY)).toMatchObject({ decision: 'enforce' });
  await incident.completeReview(PEOPLE.onCall);

  const log = await storedLog(database.url);
  for (const type of [
    'log.started',
    'policy.applied',
    'bypass.activated',
    'bypass.closed',
    'post-mortem.opened',
    'post-mortem.completed',
  ])
    expect([type, ofType(log, type).length]).toEqual([type, 1]);
  expect(log.map((entry) => entry.index)).toEqual(log.map((_, index) => index));
  // Asked at both replicas, one deploy is annotated once.
  expect(ofType(log, 'deploy.annotated')).toHaveLength(1);
  replica.signal('SIGTERM');
  expect(await replica.ended).toMatchObject({ code: 0 });
});

test.for([
  [10 * MINUTE_MS, skewed[0]],
  [-10 * MINUTE_MS, skewed[1]],
] as const)(
  'a clock that is %i ms away from the database changes no decision',
  async ([offsetMs, own]) => {
    await own.setClockOffset(offsetMs);
    const acme = await layOut(onTestFinished, { databaseUrl: own.url });
    await acme.start();
    const token = await acme.token(GATE);
    const ask = () => askGate(acme.url, token, DEPLOY);
    const incident = await request(acme.workspace, `${GATE} checkout production 15m INC-1`);
    await incident.approve(PEOPLE.release1);
    await incident.approve(PEOPLE.release2);
    await incident.cardSays('is in bypass');
    const { said, expiresAt, serverTime } = await ask();
    expect(said).toBe('bypass');
    const left = (expiresAt ?? Number.NaN) - (serverTime ?? Number.NaN);

    await own.setClockOffset(offsetMs + left - MINUTE_MS);
    expect(await ask()).toMatchObject({ said: 'bypass' });
    await own.setClockOffset(offsetMs + left);
    expect(await ask()).toMatchObject({ said: 'enforce' });
    await incident.cardSays('enforces again');
  },
);
