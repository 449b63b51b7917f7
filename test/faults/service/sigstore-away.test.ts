import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { sigstoreApart } from '#test/support/service/sigstore-apart';
import { ofType, storedLog } from '#test/support/service/stored-log';

const [preferred, required] = [await testDatabase(), await testDatabase()];

test(
  'where attestation is preferred, a Sigstore that hangs makes the approval provisional, attested once it is back',
  async () => {
    const acme = await layOut(onTestFinished, { databaseUrl: preferred.url });
    const sigstore = await sigstoreApart(onTestFinished, acme);
    await acme.start(sigstore.settings);
    const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-1`);

    sigstore.proxy.hold();
    await incident.approve(PEOPLE.peer);
    await incident.cardSays('is in bypass');
    expect(ofType(await storedLog(preferred.url), 'approval.given')).toMatchObject([
      { event: { signing: 'provisional' } },
    ]);

    sigstore.proxy.release();
    await expect
      .poll(async () => ofType(await storedLog(preferred.url), 'entry.attested').length, {
        // A service that is back is found out by the next try, which may be some way off.
        timeout: 3 * LONGEST_MS,
      })
      .toBe(1);
    expect(await verifyExport(acme, await exportLog(acme, 'export.jsonl'))).toMatchObject({
      code: 0,
    });
  },
  6 * LONGEST_MS,
);

test('where attestation is required, the gate stays shut, the approver is told, and the kept press opens it once Sigstore is back', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: required.url });
  const sigstore = await sigstoreApart(onTestFinished, acme);
  await acme.start(sigstore.settings);
  const incident = await request(acme.workspace, `${GATE} ledger-db production 15m INC-2`);

  sigstore.proxy.hold();
  await incident.approve(PEOPLE.senior);
  await acme.workspace.waitForMessage(
    PEOPLE.senior,
    (message) => message.text.includes('Sigstore does not answer'),
    { timeoutMs: LONGEST_MS },
  );
  expect(ofType(await storedLog(required.url), 'approval.given')).toHaveLength(0);

  sigstore.proxy.release();
  await incident.cardSays('is in bypass');
  expect(ofType(await storedLog(required.url), 'approval.given')).toMatchObject([
    { event: { signing: 'attested' } },
  ]);
});
