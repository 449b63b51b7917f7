import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import { startIssuer } from '#test/e2e/sigstore/signing-world';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const databases = [await testDatabase(), await testDatabase()] as const;

const WORKLOAD = 'https://ci.example.com/namespaces/breakglass/serviceaccounts/breakglass';

test('with a Rekor v2 an approval is logged by the digest of what was signed, and verifies', async () => {
  const [{ url }] = databases;
  const acme = await layOut(onTestFinished, { databaseUrl: url });
  await acme.start({ REKOR_VERSION: '2' });
  const incident = await request(acme.workspace, `${GATE} ledger-db production 15m INC-1`);
  await incident.approve(PEOPLE.senior);
  await incident.cardSays('is in bypass');
  const [row] = await query<{ envelope: string }>(
    url,
    "SELECT envelope FROM app.log_entry WHERE type = 'approval.given'",
  );
  const bundle = JSON.parse(row?.envelope ?? '{}');
  expect(bundle.verificationMaterial.tlogEntries).toMatchObject([
    { kindVersion: { kind: 'hashedrekord', version: '0.0.2' } },
  ]);
  const verified = await verifyExport(acme, await exportLog(acme, 'export.jsonl'));
  expect(verified, verified.stderr + verified.stdout).toMatchObject({ code: 0 });
});

test('with a token of its platform the service vouches for its log as that workload', async () => {
  const [, { url }] = databases;
  const acme = await layOut(onTestFinished, { databaseUrl: url });
  const platform = await startIssuer();
  onTestFinished(() => platform[Symbol.asyncDispose]());
  const { issuerUrl } = platform.issuer;
  const authority = await startEmbeddedAuthority({
    folder: join(acme.dataDir, 'authority'),
    issuers: [
      { issuer: acme.url, clientId: 'sigstore', type: 'email' },
      {
        issuer: issuerUrl,
        clientId: 'sigstore',
        type: 'uri',
        subjectDomain: 'https://ci.example.com',
      },
    ],
  });
  onTestFinished(() => authority.close());
  await writeFile(join(acme.dataDir, 'trusted-root.json'), JSON.stringify(authority.trustedRoot));
  const path = join(acme.dataDir, 'token');
  const now = new Date();
  const token = await platform.issuer.mintToken({ sub: WORKLOAD, now, jti: 'one', ttlS: 3_600 });
  await writeFile(path, token);
  const service = await acme.start({
    FULCIO_URL: authority.url,
    TSA_URL: authority.url,
    REKOR_URL: authority.url,
    WORKLOAD_TOKEN: `file:${path}`,
  });
  await expect
    .poll(async () => ofType(await storedLog(url), 'workload.attested').length, {
      timeout: LONGEST_MS,
    })
    .toBe(1);
  const file = await exportLog(acme, 'export.jsonl');
  const pinned = ['--workload', `${issuerUrl}=${WORKLOAD}`];
  const verified = await verifyExport(acme, file, ...pinned);
  expect(verified, verified.stderr + verified.stdout).toMatchObject({ code: 0 });
  for (const part of token.split('.')) expect(service.output()).not.toContain(part);
});
