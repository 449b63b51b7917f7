import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { expect, onTestFinished, test } from 'vitest';
import { auditChecks } from '#cli/audit-checks';
import { HOUR_MS } from '#domain/instant';
import type { JsonValue } from '#ledger/canonical-json';
import { verify } from '#ledger/verify/verify';
import { attest } from '#sigstore/attest';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import { FolderInUse } from '#sigstore/embedded/folder-lock';
import { AUTHORITY_PARTS, type AuthorityPart } from '#sigstore/embedded/key-ring';
import { rotateAuthority } from '#sigstore/embedded/rotate-authority';
import { createIssuer, generateIssuerKey, type IssuerKey } from '#sigstore/issuer';
import { emailOf, History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import { Keychain, rotatedLines } from '#test/support/replay/rotating-keys';
import { attestedBy, streamOf } from '#test/support/replay/sealed-log';
import { listen, servicesOf, stop, trusted } from './signing-world.ts';

/** Our issuer, whose keys follow each other: the next one is published before it signs. */
async function rotatingIssuer() {
  let keys: readonly IssuerKey[] = [await generateIssuerKey(), await generateIssuerKey()];
  const server = createServer();
  const issuer = createIssuer({ issuerUrl: await listen(server), keys: () => keys });
  const serve = getRequestListener(issuer.routes().fetch);
  server.on('request', (request, response) => void serve(request, response));
  onTestFinished(() => stop(server));
  return {
    issuer,
    rotate: async (): Promise<void> => {
      const [former, successor] = keys;
      if (former === undefined || successor === undefined) throw new RangeError('no successor');
      keys = [successor, await generateIssuerKey(), former];
    },
  };
}

type Given = readonly (AuthorityPart | 'log-key' | 'service-key' | 'issuer')[];

const ROTATIONS: readonly Given[] = [
  ['issuer'],
  ['certificates'],
  ['log-key'],
  ['timestamps'],
  ['ct-log'],
  ['service-key'],
  ['log'],
  [...AUTHORITY_PARTS, 'log-key', 'service-key', 'issuer'],
];

test('a log in whose life every kind of key was replaced verifies under one trusted root', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'authority-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { issuer, rotate: rotateIssuer } = await rotatingIssuer();
  const chain = new Keychain();
  const history = new History(chain.started);
  const bundles = new Map<number, JsonValue>();
  let now = history.now - 24 * HOUR_MS;
  const clock = () => new Date(now);
  const start = () =>
    startEmbeddedAuthority({ folder, issuers: [trusted(issuer.issuerUrl)], clock });
  let authority = await start();

  const live = async (): Promise<void> => {
    const from = history.entries.length;
    playBypass(history);
    for (const [index, { event, statement, digest }] of history.entries.entries()) {
      const person = attestedBy(event);
      if (index < from || person === null) continue;
      now = event.at;
      const about = { sub: digest, email: emailOf(person), now: clock(), jti: randomUUID() };
      const bundle = await attest({
        statementBytes: statement,
        identityToken: await issuer.mintToken(about),
        services: servicesOf(authority),
        budgetMs: 20_000,
      });
      bundles.set(index, JSON.parse(JSON.stringify(bundle)) as JsonValue);
    }
  };

  const early = authority.trustedRoot;
  await live();
  for (const what of ROTATIONS) {
    now = history.now;
    if (what.includes('log-key')) chain.rotate(history, 'log');
    if (what.includes('service-key')) chain.rotate(history, 'service');
    if (what.includes('issuer')) await rotateIssuer();
    const parts = AUTHORITY_PARTS.filter((part) => what.includes(part));
    if (parts.length > 0) {
      await expect(rotateAuthority(folder, parts, clock())).rejects.toThrow(FolderInUse);
      await authority.close();
      const trustedRoot = await rotateAuthority(folder, parts, clock());
      authority = await start();
      expect(authority.trustedRoot).toEqual(trustedRoot);
    }
    await live();
  }
  const { trustedRoot } = authority;
  await authority.close();
  expect(bundles.size).toBeGreaterThan(ROTATIONS.length);

  const sealed = chain.seal(history.entries, { envelope: (index) => bundles.get(index) });
  const lines = await rotatedLines(sealed);
  const codesUnder = async (root: unknown, generation: number) => {
    const logKeys = [sealed.header.logKeys.at(generation) ?? ''];
    const pinned = { logKeys, serviceKeys: 'from-log', issuers: [issuer.issuerUrl] } as const;
    const report = await verify({ lines: streamOf(lines), pinned, checks: auditChecks(root) });
    return [...new Set(report.findings.map((one) => one.code))];
  };
  expect(await codesUnder(trustedRoot, 0)).toEqual([]);
  const lastLogKey = history.entries.flatMap(({ event }) =>
    event.type === 'key.rotated' && event.purpose === 'log' ? [event.to] : [],
  );
  expect(
    await codesUnder(trustedRoot, sealed.header.logKeys.indexOf(lastLogKey.at(-1) ?? '')),
  ).toEqual([]);
  // The root of before knows nothing of what came since: that is why it is given out anew.
  expect(await codesUnder(early, 0)).toEqual(['bundle-refused']);
}, 60_000);
