import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { request } from '#test/support/service/incident';
import { layOut } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { sigstoreApart } from '#test/support/service/sigstore-apart';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const database = await testDatabase();

interface PressRow {
  readonly outcome: string | null;
}

const approvals = () =>
  query<PressRow>(database.url, `SELECT outcome FROM app.press WHERE action->>'kind' = 'approve'`);

test('an approval that was taken and not yet committed survives kill -9, once', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: database.url });
  const sigstore = await sigstoreApart(onTestFinished, acme);
  const service = await acme.start(sigstore.settings);
  const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-1`);

  sigstore.proxy.hold();
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await sigstore.proxy.held(1);
  service.signal('SIGKILL');
  await service.ended;
  expect(await approvals()).toEqual([{ outcome: null }]);
  expect(ofType(await storedLog(database.url), 'approval.given')).toHaveLength(0);

  sigstore.proxy.release();
  await acme.start(sigstore.settings);
  await incident.cardSays('is in bypass');
  expect(await approvals()).toEqual([{ outcome: 'done' }]);
  const log = await storedLog(database.url);
  expect(ofType(log, 'approval.given')).toMatchObject([{ event: { signing: 'attested' } }]);
  expect(ofType(log, 'bypass.activated')).toHaveLength(1);
  expect(await verifyExport(acme, await exportLog(acme, 'export.jsonl'))).toMatchObject({
    code: 0,
  });
});
