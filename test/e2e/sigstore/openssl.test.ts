import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dsse } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, STATEMENT } from './signing-world.ts';
import type { World } from './signing-world.ts';

// A second opinion by a program that shares no code with this one.
const missing = spawnSync('openssl', ['version']).status !== 0;
// oxlint-disable-next-line no-console -- a check that did not run must be seen
if (missing) console.warn('SKIPPED: no openssl on this machine, nothing was cross-checked with it');

describe.skipIf(missing)('openssl', () => {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    world = await startWorld();
    folder = await mkdtemp(join(tmpdir(), 'openssl-'));
    await writeParts();
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test('accepts the chain at the time of signing', () => {
    const now = String(Math.floor(Date.now() / 1000));
    const at = ['-attime', now, '-x509_strict', '-purpose', 'any'];
    const chain = ['-CAfile', 'ca-root.pem', '-untrusted', 'ca.pem', 'leaf.pem'];
    expect(openssl('verify', ...at, ...chain)).toContain('OK');
  });

  test('refuses the chain after the ten minutes', () => {
    const later = String(Math.floor(Date.now() / 1000) + 3600);
    const chain = ['-CAfile', 'ca-root.pem', '-untrusted', 'ca.pem', 'leaf.pem'];
    expect(() => openssl('verify', '-attime', later, ...chain)).toThrow(/expired/);
  });

  test('accepts the signature over the pre-authentication encoding', async () => {
    await writeFile(
      join(folder, 'key.pem'),
      openssl('x509', '-in', 'leaf.pem', '-noout', '-pubkey'),
    );
    const signature = ['-verify', 'key.pem', '-signature', 'signature.bin', 'signed.bin'];
    expect(openssl('dgst', '-sha256', ...signature)).toContain('Verified OK');
  });

  test('accepts the timestamp over the signature, and none over anything else', () => {
    const stamp = ['ts', '-verify', '-in', 'stamp.der', '-CAfile', 'tsa-root.pem'];
    const own = ['-untrusted', 'tsa.pem'];
    expect(openssl(...stamp, ...own, '-data', 'signature.bin')).toContain('Verification: OK');
    expect(() => openssl(...stamp, ...own, '-data', 'signed.bin')).toThrow(/mismatch/);
  });

  test('accepts the answer to its own query, with the certificate in it', async () => {
    openssl('ts', '-query', '-data', 'signed.bin', '-sha512', '-cert', '-out', 'query.tsq');
    const { readFile } = await import('node:fs/promises');
    const response = await fetch(`${world.services.tsaUrl}/api/v1/timestamp`, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: new Uint8Array(await readFile(join(folder, 'query.tsq'))),
    });
    await writeFile(join(folder, 'answer.tsr'), Buffer.from(await response.arrayBuffer()));
    const verify = ['-queryfile', 'query.tsq', '-in', 'answer.tsr', '-CAfile', 'tsa-root.pem'];
    expect(openssl('ts', '-verify', ...verify)).toContain('Verification: OK');
  });

  test('shows the identity, the token subject and the embedded SCT', () => {
    const text = openssl('x509', '-in', 'leaf.pem', '-noout', '-text');
    expect(text).toContain('email:amy@example.com');
    expect(text).toContain('1.3.6.1.4.1.57264.1.24');
    expect(text).toContain('CT Precertificate SCTs');
  });

  async function writeParts(): Promise<void> {
    const { verificationMaterial: material, dsseEnvelope: envelope } = await world.attest();
    const root = TrustedRoot.fromJSON(world.authority.trustedRoot);
    const stamp = material.timestampVerificationData.rfc3161Timestamps[0]?.signedTimestamp ?? '';
    const [ca, caRoot] = root.certificateAuthorities[0]?.certChain?.certificates ?? [];
    const [tsa, tsaRoot] = root.timestampAuthorities[0]?.certChain?.certificates ?? [];
    const files: [string, string | Buffer][] = [
      ['leaf.pem', pem(Buffer.from(material.certificate.rawBytes, 'base64'))],
      ['ca.pem', pem(ca?.rawBytes)],
      ['ca-root.pem', pem(caRoot?.rawBytes)],
      ['tsa.pem', pem(tsa?.rawBytes)],
      ['tsa-root.pem', pem(tsaRoot?.rawBytes)],
      ['stamp.der', Buffer.from(stamp, 'base64')],
      ['signature.bin', Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64')],
      ['signed.bin', dsse.preAuthEncoding(envelope.payloadType, STATEMENT)],
    ];
    for (const [name, content] of files) await writeFile(join(folder, name), content);
  }

  function openssl(...parameters: string[]): string {
    return execFileSync('openssl', parameters, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  }
});

function pem(der: Uint8Array | undefined): string {
  const lines = Buffer.from(der ?? [])
    .toString('base64')
    .match(/.{1,64}/g);
  return ['-----BEGIN CERTIFICATE-----', ...(lines ?? []), '-----END CERTIFICATE-----', ''].join(
    '\n',
  );
}
