import { expect, onTestFinished, test } from 'vitest';
import { MINUTE_MS } from '#domain/instant';
import { clockFunction, testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import type { LogLine } from '#test/support/service/breakglass-process';
import { askGate } from '#test/support/service/ci-job';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const [fresh, kept] = [await testDatabase(), await testDatabase()];
/** What a proxy in front of Slack says. */
const BAD_GATEWAY = { kind: 'http', status: 502, html: '<html>Bad gateway</html>' } as const;
const EVERY_CALL = { method: '*', times: 100_000 } as const;

const isAway = ({ msg }: LogLine): boolean =>
  msg?.startsWith('Slack does not answer: deploys') === true;

test('a first start waits for Slack, and a stop ends a start that waits, first or not', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: fresh.url });
  const away = acme.workspace.script({ ...EVERY_CALL, answer: BAD_GATEWAY });
  const first = acme.spawn();
  await first.logged(
    ({ msg, failures }) => failures === 2 && msg?.includes('first start') === true,
  );
  first.signal('SIGTERM');
  expect(await first.ended).toMatchObject({ code: 0 });

  const second = acme.spawn();
  await second.logged(({ failures }) => failures === 2);
  away.cancel();
  await second.logged(({ msg }) => msg === 'ready');
  second.signal('SIGTERM');
  expect(await second.ended).toMatchObject({ code: 0 });

  acme.workspace.script({ ...EVERY_CALL, answer: BAD_GATEWAY });
  const third = acme.spawn();
  await third.logged(isAway);
  third.signal('SIGTERM');
  expect(await third.ended).toMatchObject({ code: 0 });
});

test('a restart while Slack is away decides deploys and ends the bypass, and tells Slack later', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: kept.url });
  const before = await acme.start();
  const token = await acme.token(GATE);
  const open = { gate: GATE, service: 'ledger-db', environment: 'staging', run: 'run-1' };
  const ending = { ...open, service: 'checkout', run: 'run-2' };
  const longer = await request(acme.workspace, `${GATE} ledger-db staging 1h INC-1`);
  await longer.approve(PEOPLE.peer);
  await longer.cardSays('is in bypass');
  const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-2`);
  await incident.approve(PEOPLE.peer);
  await incident.cardSays('is in bypass');
  before.signal('SIGKILL');
  await before.ended;

  const away = acme.workspace.script({ ...EVERY_CALL, answer: { kind: 'drop-before-accept' } });
  const after = acme.spawn();
  await after.logged(isAway);
  for (const deploy of [open, ending])
    expect(await askGate(acme.url, token, deploy)).toMatchObject({ decision: 'bypass' });
  await query(kept.url, clockFunction(16 * MINUTE_MS));
  await expect
    .poll(async () => ofType(await storedLog(kept.url), 'bypass.closed').length, {
      timeout: LONGEST_MS,
    })
    .toBe(1);
  expect(await askGate(acme.url, token, ending)).toMatchObject({ said: 'enforce' });
  expect(await askGate(acme.url, token, open)).toMatchObject({ said: 'bypass' });
  expect(after.log().some(({ msg }) => msg === 'ready')).toBe(false);

  away.cancel();
  await incident.cardSays('enforces again');
  await after.logged(({ msg }) => msg === 'ready');
  const again = await request(acme.workspace, `${GATE} checkout staging 15m INC-3`);
  await again.approve(PEOPLE.peer);
  await again.cardSays('is in bypass');
});
