import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness } from '@sigstore/sign';
import { bundleToJSON } from '@sigstore/bundle';
import { attest, budgetSignal, witness } from '#sigstore/attest';
import type { SignedStatement, TimestampedStatement } from '#sigstore/attestation-state';
import { toBundle } from '#sigstore/bundle';
import { obtainCertificate } from '#sigstore/obtain-certificate';
import { signStatement } from '#sigstore/sign-statement';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { STATEMENT, STATEMENT_DIGEST, startWorld } from './signing-world.ts';
import type { World } from './signing-world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe('a statement signed through issuer, authority, timestamp service and log', () => {
  test('verifies, and names the approver, the issuer and the statement digest', async () => {
    const bundle = await world.attest();
    const verdict = createBundleVerifier(world.authority.trustedRoot)(bundle, STATEMENT);
    expect(verdict).toMatchObject({
      verified: true,
      identity: { type: 'email', value: 'amy@example.com' },
      issuer: world.issuer.issuerUrl,
      tokenSubject: STATEMENT_DIGEST,
    });
  });

  test('keeps the statement byte for byte and every time within the certificate', async () => {
    const bundle = await world.attest();
    expect(Buffer.from(bundle.dsseEnvelope.payload, 'base64')).toEqual(STATEMENT);
    const verdict = createBundleVerifier(world.authority.trustedRoot)(bundle, STATEMENT);
    if (!verdict.verified) throw new Error(verdict.detail);
    expect(verdict.signedAt).toHaveLength(2);
    for (const at of verdict.signedAt) {
      expect(at.getMilliseconds()).toBe(0);
      expect(at >= verdict.certificate.notBefore && at <= verdict.certificate.notAfter).toBe(true);
    }
  });

  test('never has log index 0', async () => {
    const { verificationMaterial } = await world.attest();
    expect(Number(verificationMaterial.tlogEntries[0]?.logIndex)).toBeGreaterThan(0);
  });

  test('needs no log where none is asked for, and is refused where one is', async () => {
    const { fulcioUrl, tsaUrl } = world.services;
    const bundle = await attest({
      statementBytes: STATEMENT,
      identityToken: await world.mint(),
      services: { fulcioUrl, tsaUrl },
      budgetMs: 10_000,
    });
    const { trustedRoot } = world.authority;
    const relaxed = createBundleVerifier(trustedRoot, { tlogThreshold: 0 });
    expect(relaxed(bundle, STATEMENT).verified).toBe(true);
    expect(createBundleVerifier(trustedRoot)(bundle, STATEMENT)).toMatchObject({ code: 'tlog' });
  });
});

describe('stages', () => {
  test('can be stored as JSON in between and resumed by another process', async () => {
    const signal = budgetSignal({ budgetMs: 10_000 });
    const key = await obtainCertificate(await world.mint(), world.services.fulcioUrl, signal);
    const signed: SignedStatement = stored(signStatement(STATEMENT, key));
    const { tsaUrl } = world.services;
    const timestamped = stored(await witness(signed, { tsaUrl }, signal));
    expect(timestamped.stage).toBe('timestamped');
    const logged = stored(await witness(timestamped, world.services, signal));
    expect(logged.stage).toBe('logged');
    const verify = createBundleVerifier(world.authority.trustedRoot);
    expect(verify(toBundle(logged), STATEMENT).verified).toBe(true);
  });

  test('a log entry whose answer was lost is found again, not made twice', async () => {
    const signal = budgetSignal({ budgetMs: 10_000 });
    const timestamped = await timestampedStatement(signal);
    const first = await witness(timestamped, world.services, signal);
    const second = await witness(timestamped, world.services, signal);
    if (first.stage !== 'logged' || second.stage !== 'logged') throw new Error('not logged');
    expect(second.logEntry.logIndex).toBe(first.logEntry.logIndex);
    const verify = createBundleVerifier(world.authority.trustedRoot);
    expect(verify(toBundle(second), STATEMENT).verified).toBe(true);
  });

  test('hold no key: nothing stored can sign again', async () => {
    const signal = budgetSignal({ budgetMs: 10_000 });
    expect(JSON.stringify(await timestampedStatement(signal))).not.toMatch(/PRIVATE|"d"/);
  });
});

describe('identities of type uri', () => {
  test('have the subject as their name', async () => {
    await using uri = await startWorld({ type: 'uri' });
    const { issuer, services, authority } = uri;
    const sub = 'https://ci.example.com/breakglass/sha256:abc';
    const identityToken = await issuer.mintToken({ sub, now: new Date(), jti: 'one' });
    const options = { statementBytes: STATEMENT, identityToken, services, budgetMs: 10_000 };
    const verdict = createBundleVerifier(authority.trustedRoot)(await attest(options), STATEMENT);
    expect(verdict).toMatchObject({
      verified: true,
      identity: { type: 'uri', value: sub },
      tokenSubject: sub,
    });
  });
});

describe('a log entry that comes after the certificate ended', () => {
  test('is kept for its proof, and its promise is not taken for a timestamp', async () => {
    let now = new Date();
    await using slow = await startWorld({ clock: () => now });
    const { tsaUrl, fulcioUrl } = slow.services;
    const signal = budgetSignal({ budgetMs: 10_000 });
    const key = await obtainCertificate(await slow.mint(), fulcioUrl, signal);
    const timestamped = await witness(signStatement(STATEMENT, key), { tsaUrl }, signal);
    now = new Date(now.getTime() + 3_600_000);
    const logged = await witness(timestamped, slow.services, signal);
    const verdict = createBundleVerifier(slow.authority.trustedRoot)(toBundle(logged), STATEMENT);
    if (!verdict.verified) throw new Error(verdict.detail);
    expect(verdict.signedAt).toHaveLength(1);
    expect(verdict.logEntries).toHaveLength(1);
  });
});

describe('the client of @sigstore/sign', () => {
  test('gets bundles from the authority that verify', async () => {
    const { fulcioUrl, tsaUrl, rekorUrl } = world.services;
    const identityToken = await world.mint();
    const builder = new DSSEBundleBuilder({
      signer: new FulcioSigner({
        fulcioBaseURL: fulcioUrl,
        identityProvider: { getToken: () => Promise.resolve(identityToken) },
      }),
      witnesses: [
        new TSAWitness({ tsaBaseURL: tsaUrl }),
        new RekorWitness({ rekorBaseURL: rekorUrl, entryType: 'dsse' }),
      ],
    });
    const bundle = await builder.create({ data: STATEMENT, type: 'application/vnd.in-toto+json' });
    const verify = createBundleVerifier(world.authority.trustedRoot);
    expect(verify(bundleToJSON(bundle), STATEMENT)).toMatchObject({ verified: true });
  });
});

async function timestampedStatement(signal: AbortSignal): Promise<TimestampedStatement> {
  const { fulcioUrl, tsaUrl } = world.services;
  const key = await obtainCertificate(await world.mint(), fulcioUrl, signal);
  const state = await witness(signStatement(STATEMENT, key), { tsaUrl }, signal);
  if (state.stage !== 'timestamped') throw new Error('not timestamped');
  return state;
}

function stored<T>(state: T): T {
  return JSON.parse(JSON.stringify(state));
}
