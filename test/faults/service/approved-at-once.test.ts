import { expect, onTestFinished, test, vi } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { sigstoreApart } from '#test/support/service/sigstore-apart';
import { ofType, storedLog } from '#test/support/service/stored-log';

const database = await testDatabase();

test('two approvals at the same moment, each judged before the other stood, open the gate', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: database.url });
  const sigstore = await sigstoreApart(onTestFinished, acme);
  await acme.start(sigstore.settings);
  const incident = await request(acme.workspace, `${GATE} checkout production 15m INC-1`);
  await Promise.all([incident.asked(PEOPLE.release1), incident.asked(PEOPLE.release2)]);

  sigstore.proxy.hold();
  await Promise.all([incident.approve(PEOPLE.release1), incident.approve(PEOPLE.release2)]);
  await sigstore.proxy.held(2);
  sigstore.proxy.release();
  await vi.waitFor(
    async () => expect(ofType(await storedLog(database.url), 'approval.given')).toHaveLength(2),
    { timeout: LONGEST_MS },
  );
  await incident.cardSays('is in bypass');
  expect(ofType(await storedLog(database.url), 'bypass.activated')).toHaveLength(1);
  expect(await verifyExport(acme, await exportLog(acme, 'export.jsonl'))).toMatchObject({
    code: 0,
  });
});
