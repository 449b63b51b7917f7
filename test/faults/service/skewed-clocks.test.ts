import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { heard } from '#test/support/races/heard';
import type { Answered } from '#test/support/races/history';
import { skewChangesNothing } from '#test/support/races/rules/skew-changes-nothing';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { askGate, type Deploy } from '#test/support/service/ci-job';
import { request } from '#test/support/service/incident';
import { layOut, type Installation } from '#test/support/service/installation';
import { clockOffBy } from '#test/support/service/skewed-clock';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const database = await testDatabase();
const MINUTE_MS = 60_000;
const DEPLOY: Deploy = { gate: GATE, service: 'checkout', environment: 'production', run: 'run-1' };

async function databaseTime(): Promise<number> {
  const [row] = await query<{ ms: number }>(
    database.url,
    'SELECT floor(extract(epoch FROM app.now()) * 1000)::float8 AS ms',
  );
  return row?.ms ?? Number.NaN;
}

test('replicas whose clocks are 20 min apart open, ask and close as one', async () => {
  const fast = await layOut(onTestFinished, { databaseUrl: database.url });
  const slow = await layOut(onTestFinished, { databaseUrl: database.url, replicaOf: fast });
  const begunAt = await databaseTime();
  const skews = [10 * MINUTE_MS, -10 * MINUTE_MS] as const;
  await Promise.all([fast.start(clockOffBy(skews[0])), slow.start(clockOffBy(skews[1]))]);
  const token = await fast.token(GATE);
  const answers: Answered[] = [];

  /** Asks both replicas the same; gives what they said. */
  const ask = async (round: number): Promise<readonly string[]> => {
    const replicas: readonly Installation[] = [fast, slow];
    for (const [place, { url }] of replicas.entries()) {
      const { said, why, expiresAt, serverTime } = await askGate(url, token, DEPLOY);
      answers.push(
        heard({
          moment: answers.length + 1,
          tenant: 'acme',
          replica: place,
          skewMs: skews[place] ?? 0,
          round,
          facts: { ...DEPLOY, branch: null, artifact: null },
          decision: said ?? 'enforce',
          reason: why,
          expiresAt,
          serverTime: serverTime ?? 0,
        }),
      );
    }
    return answers.filter((one) => one.round === round).map((one) => one.decision);
  };

  expect(await ask(1)).toEqual(['enforce', 'enforce']);
  const incident = await request(fast.workspace, `${GATE} checkout production 15m INC-1`);
  await incident.approve(PEOPLE.release1);
  await incident.approve(PEOPLE.release2);
  await incident.cardSays('is in bypass');
  expect(await ask(2)).toEqual(['bypass', 'bypass']);
  const { expiresAt, serverTime } = answers.at(-1) ?? {};
  const left = (expiresAt ?? Number.NaN) - (serverTime ?? Number.NaN);
  await database.setClockOffset(left - MINUTE_MS);
  expect(await ask(3)).toEqual(['bypass', 'bypass']);
  await database.setClockOffset(left);
  expect(await ask(4)).toEqual(['enforce', 'enforce']);
  await incident.cardSays('enforces again');

  expect(skewChangesNothing({ observed: answers, tenants: [] })).toEqual([]);
  const log = await storedLog(database.url);
  const endedAt = new Date(expiresAt ?? Number.NaN).toISOString();
  expect(ofType(log, 'bypass.closed')).toMatchObject([{ event: { how: 'expired', endedAt } }]);
  // By the database's clock alone, whoever wrote them.
  const open = log.slice(0, 1 + log.findIndex((entry) => entry.type === 'bypass.activated'));
  for (const { event } of open) {
    expect(Date.parse(String(event['at']))).toBeGreaterThanOrEqual(begunAt);
    expect(Date.parse(String(event['at']))).toBeLessThanOrEqual(serverTime ?? Number.NaN);
  }
});
