import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { visitor } from '#test/support/oidc/browse';
import { ACCOUNTS } from '#test/support/oidc/people';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { askGate } from '#test/support/service/ci-job';
import { request } from '#test/support/service/incident';
import { LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { sigstoreApart } from '#test/support/service/sigstore-apart';
import { clockOffBy } from '#test/support/service/skewed-clock';
import { ofType, storedLog } from '#test/support/service/stored-log';
import { linkSentTo, signingCompany } from '#test/support/sign-in/company';
import { confirmOn, signInOn } from '#test/support/sign-in/in-browser';

const MINUTE_MS = 60_000;
const [ofFast, ofSlow] = [await testDatabase(), await testDatabase()];

test.each([
  ['fast', 10 * MINUTE_MS, ofFast],
  ['slow', -10 * MINUTE_MS, ofSlow],
])(
  'a replica whose clock is 10 min %s takes a sign-in as any other',
  { timeout: 6 * LONGEST_MS },
  async (_, skewMs, database) => {
    const begunAt = Date.now();
    const { acme, provider, settings } = await signingCompany(onTestFinished, {
      databaseUrl: database.url,
    });
    const sigstore = await sigstoreApart(onTestFinished, acme, [provider.issuer]);
    const root = { SIGSTORE_TRUSTED_ROOT: join(acme.dataDir, 'trusted-root.json') };
    await acme.start({ ...settings, ...sigstore.settings, ...root, ...clockOffBy(skewMs) });
    const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-1`);
    await incident.approve(PEOPLE.release1);
    const link = await linkSentTo(acme.workspace, PEOPLE.release1);
    const browser = visitor();
    const asked = await signInOn(browser, link, ACCOUNTS.release1.sub);
    const done = await confirmOn(browser, link, asked);
    expect(done.body).toContain('Approved: the gate is open');
    await incident.cardSays('is in bypass');
    const token = await acme.token(GATE);
    const deploy = { gate: GATE, service: 'checkout', environment: 'staging', run: 'run-1' };
    const { said, expiresAt } = await askGate(acme.url, token, deploy);
    expect(said).toBe('bypass');
    // By the database's clock, whatever the replica's says.
    const log = await storedLog(database.url);
    const endedAt = Date.now();
    for (const type of ['approval.given', 'bypass.activated', 'sign-in.recorded'])
      for (const { event } of ofType(log, type)) {
        const at = Date.parse(String(event['at']));
        expect(at).toBeGreaterThanOrEqual(begunAt);
        expect(at).toBeLessThanOrEqual(endedAt);
      }
    expect(expiresAt).toBeLessThanOrEqual(endedAt + 15 * MINUTE_MS);
    const file = await exportLog(acme, 'export.jsonl');
    const verified = await verifyExport(acme, file, '--accept-recorded-keys');
    expect(verified.code, verified.stdout).toBe(0);
  },
);
