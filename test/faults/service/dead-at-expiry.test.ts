import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { askGate, type Deploy } from '#test/support/service/ci-job';
import { request } from '#test/support/service/incident';
import { layOut } from '#test/support/service/installation';
import { ofType, storedLog } from '#test/support/service/stored-log';

const [database, another] = [await testDatabase(), await testDatabase()];
const DEPLOY: Deploy = { gate: GATE, service: 'checkout', environment: 'staging', run: 'run-1' };
const MINUTE_MS = 60_000;

/** As statements write instants. */
const iso = (time: number | null): string => new Date(time ?? Number.NaN).toISOString();

test('with every replica dead at expiry, the bypass ends then, and is closed once', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: database.url });
  const other = await layOut(onTestFinished, { databaseUrl: database.url, replicaOf: acme });
  const replicas = await Promise.all([acme.start(), other.start()]);
  const token = await acme.token(GATE);
  const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-1`);
  await incident.approve(PEOPLE.peer);
  await incident.cardSays('is in bypass');
  const { expiresAt } = await askGate(acme.url, token, DEPLOY);
  await incident.cardSays(DEPLOY.run);

  for (const replica of replicas) replica.signal('SIGKILL');
  await Promise.all(replicas.map((replica) => replica.ended));
  expect(await askGate(acme.url, token, DEPLOY)).toMatchObject({ decision: 'enforce' });
  await database.setClockOffset(20 * MINUTE_MS);

  await Promise.all([acme.start(), other.start()]);
  for (const url of [acme.url, other.url])
    expect(await askGate(url, token, DEPLOY)).toMatchObject({ said: 'enforce' });
  await incident.cardSays('enforces again');
  const closes = ofType(await storedLog(database.url), 'bypass.closed');
  expect(closes).toMatchObject([{ event: { how: 'expired', endedAt: iso(expiresAt) } }]);
  expect(ofType(await storedLog(database.url), 'post-mortem.opened')).toHaveLength(1);
});

test('a bypass ends by the database clock, before anybody closes it', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: another.url });
  await acme.start();
  const token = await acme.token(GATE);
  const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-1`);
  await incident.approve(PEOPLE.peer);
  await incident.cardSays('is in bypass');
  const { decision, expiresAt, serverTime } = await askGate(acme.url, token, DEPLOY);
  expect(decision).toBe('bypass');

  const left = (expiresAt ?? Number.NaN) - (serverTime ?? Number.NaN);
  await another.setClockOffset(left);
  const next = await askGate(acme.url, token, DEPLOY);
  expect(next).toMatchObject({ said: 'enforce' });
  expect(next.serverTime).toBeGreaterThanOrEqual(expiresAt ?? Number.NaN);
  await incident.cardSays('enforces again');
  expect(ofType(await storedLog(another.url), 'bypass.closed')).toMatchObject([
    { event: { how: 'expired', endedAt: iso(expiresAt) } },
  ]);
});
