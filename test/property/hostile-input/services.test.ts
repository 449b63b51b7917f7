import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LookUpFailed } from '#application/ports/directory';
import { WitnessUnreachable } from '#application/ports/outbound';
import { tenantId } from '#domain/ids';
import { KyvernoFailure } from '#gates/kyverno/kyverno-failure';
import { kubernetesClient } from '#gates/kyverno/kubernetes-client';
import { standingExceptions } from '#gates/kyverno/standing-exceptions';
import { opaClient } from '#gates/opa/opa-client';
import { OpaFailure } from '#gates/opa/opa-failure';
import { reconcileGate } from '#gates/opa/reconcile';
import { isWatched } from '#gates/opa/is-watched';
import { callerTokens } from '#http/callers/caller-tokens';
import { verifyDecision } from '#http/verify-decision';
import { formatWitnessVkey, witnessKeyFromVkey } from '#ledger/cosignature';
import { createOnCall } from '#notify/pagerduty/on-call';
import { createWitness } from '#notify/witness/witness-client';
import { obtainCertificate } from '#sigstore/obtain-certificate';
import { logSignedDigest } from '#sigstore/log-signed-digest';
import { logStatement } from '#sigstore/log-statement';
import { parseBundle } from '#sigstore/parse-bundle';
import { SigningRefused, SignerUnavailable } from '#sigstore/signing-errors';
import { discoverProvider } from '#sigstore/sign-in/discover-provider';
import { judgeIdToken } from '#sigstore/sign-in/judge-id-token';
import { publishedKeys } from '#sigstore/sign-in/published-keys';
import { readKeys } from '#sigstore/sign-in/read-keys';
import { SignInFailed } from '#sigstore/sign-in/sign-in-failed';
import { verifyIdToken } from '#sigstore/sign-in/verify-id-token';
import { timestampSignature } from '#sigstore/timestamp-signature';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { profileOf, slackUser } from '#slack/people/standing';
import { STATEMENT, startWorld, type World } from '#test/e2e/sigstore/signing-world';
import { answeringServer } from '#test/support/hostile/answering-server';
import {
  hostileBytes,
  hostileJson,
  hostileJsonText,
  hostileText,
} from '#test/support/hostile/arbitraries';
import { neverThrows } from '#test/support/hostile/never-throws';

let world: World;
let service: Awaited<ReturnType<typeof answeringServer>>;
beforeAll(async () => {
  [world, service] = await Promise.all([startWorld(), answeringServer()]);
});
afterAll(() => Promise.all([world[Symbol.asyncDispose](), service[Symbol.asyncDispose]()]));

const status = fc.constantFrom(200, 200, 200, 201, 204, 301, 400, 401, 404, 409, 429, 500);
const signal = () => AbortSignal.timeout(20_000);
const SIGNING = { but: [SignerUnavailable, SigningRefused], runs: 40 };

describe('what a Sigstore answers', () => {
  const stages = async () => {
    const bundle = await world.attest();
    const material = bundle.verificationMaterial;
    const [entry] = material.tlogEntries ?? [];
    const [stamp] = material.timestampVerificationData?.rfc3161Timestamps ?? [];
    if (entry === undefined || stamp === undefined) throw new RangeError('the bundle is not whole');
    const certificate = material.certificate.rawBytes;
    const [signature] = bundle.dsseEnvelope.signatures;
    const payload = bundle.dsseEnvelope.payload;
    const signed = {
      stage: 'signed',
      payload,
      signature: signature?.sig ?? '',
      certificate,
    } as const;
    return { bundle, entry, stamp: stamp.signedTimestamp, signed };
  };

  it('as a certificate', async () => {
    const { signed } = await stages();
    const lines = signed.certificate.match(/.{1,64}/g) ?? [];
    const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join(
      '\n',
    );
    const sample = { signedCertificateEmbeddedSct: { chain: { certificates: [pem] } } };
    const token = await world.mint();
    await neverThrows(
      fc.tuple(status, hostileJsonText(sample)),
      ([code, body]) => {
        service.answer({ status: code, body });
        return obtainCertificate(token, service.url, signal());
      },
      SIGNING,
    );
  });

  it('as a timestamp', async () => {
    const { signed, stamp } = await stages();
    const body = hostileBytes(Buffer.from(stamp, 'base64'));
    await neverThrows(
      fc.tuple(status, body),
      ([code, bytes]) => {
        service.answer({ status: code, body: bytes });
        return timestampSignature(signed, service.url, signal());
      },
      SIGNING,
    );
  });

  it('as an entry of its log', async () => {
    const { signed, stamp, entry } = await stages();
    const proof = entry.inclusionProof;
    const hex = (text: string) => Buffer.from(text, 'base64').toString('hex');
    const first = {
      body: entry.canonicalizedBody,
      integratedTime: Number(entry.integratedTime),
      logID: hex(entry.logId.keyId),
      logIndex: 0,
      verification: {
        signedEntryTimestamp: 'AAAA',
        inclusionProof: {
          checkpoint: proof?.checkpoint.envelope ?? '',
          hashes: [],
          logIndex: 0,
          rootHash: 'aa',
          treeSize: 1,
        },
      },
    };
    const unread = { ...first, body: Buffer.from('{"kind":7}').toString('base64') };
    const answers = hostileJsonText({ ['a'.repeat(64)]: first }, { ['a'.repeat(64)]: unread });
    await neverThrows(
      fc.tuple(status, answers, hostileText(`/api/v1/log/entries/${'a'.repeat(64)}`)),
      ([code, body, location]) => {
        const headers = { location: encodeURI(location.toWellFormed()).slice(0, 200) };
        service.answer(({ method }) => ({ status: method === 'GET' ? 200 : code, body, headers }));
        return logStatement(signed, service.url, signal());
      },
      SIGNING,
    );
    const second = { ...entry, kindVersion: { kind: 'hashedrekord', version: '0.0.2' } };
    const timestamped = { ...signed, stage: 'timestamped', timestamp: stamp } as const;
    await neverThrows(
      fc.tuple(status, hostileJsonText(second)),
      ([code, body]) => {
        service.answer({ status: code, body });
        return logSignedDigest(timestamped, service.url, signal());
      },
      SIGNING,
    );
  });

  it('as a bundle that somebody hands in', async () => {
    const { bundle } = await stages();
    const verify = createBundleVerifier(world.authority.trustedRoot);
    expect(verify(bundle, STATEMENT)).toMatchObject({ verified: true });
    await neverThrows(hostileJson(bundle), (json) => [parseBundle(json), verify(json, STATEMENT)]);
  });
});

describe('what an identity provider answers', () => {
  it('as its document and its keys', async () => {
    const document = {
      issuer: service.url,
      authorization_endpoint: `${service.url}/authorize`,
      token_endpoint: `${service.url}/token`,
      jwks_uri: `${service.url}/jwks`,
      id_token_signing_alg_values_supported: ['ES256'],
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
    };
    await neverThrows(
      fc.tuple(status, hostileJsonText(document)),
      ([code, body]) => {
        service.answer({ status: code, body });
        return discoverProvider({ issuer: service.url, clientId: 'web', clientSecret: 'secret' });
      },
      { but: [SignInFailed], runs: 40 },
    );
    const { publicKey } = await generateKeyPair('ES256');
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', use: 'sig' }] };
    await neverThrows(
      fc.tuple(status, hostileJsonText(keys)),
      ([code, body]) => {
        service.answer({ status: code, body });
        return readKeys(new URL(service.url));
      },
      { but: [SignInFailed], runs: 40 },
    );
  });

  it('as a token, whatever its keys and claims are', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const { kty, crv, x, y } = await exportJWK(publicKey);
    const jwk = { kty: String(kty), crv: String(crv), x: String(x), y: String(y), kid: 'one' };
    const now = Date.UTC(2026, 10, 22);
    const claims = {
      iss: 'https://idp',
      sub: 's',
      aud: 'web',
      exp: now / 1_000 + 60,
      iat: now / 1_000,
      auth_time: now / 1_000,
    };
    const signed = (payload: unknown) =>
      new SignJWT(Object(payload) as Record<string, unknown>)
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .sign(privateKey);
    const token = await signed(claims);
    const but = { but: [SignInFailed], runs: 40 };
    await neverThrows(hostileText(token), (text) => verifyIdToken(text, [jwk], ['ES256']), but);
    await neverThrows(
      hostileJson({ keys: [jwk, { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'one' }] }),
      (set) => verifyIdToken(token, publishedKeys(set), ['ES256', 'RS256']),
      but,
    );
    const times = (ms: number | null) => ms === null || Number.isInteger(ms);
    await neverThrows(
      hostileJson(claims, { ...claims, iat: now / 1_000 + 0.5 }),
      (payload) => judgeIdToken(payload, { issuer: 'https://idp', clients: ['web'], now }),
      {
        holds: (said) => {
          if (typeof said === 'string') return;
          expect([said.issuedAt, said.authenticatedAt].every(times)).toBe(true);
        },
      },
    );
    const issuer = 'https://idp';
    const document = { issuer, jwks_uri: 'https://idp/jwks' };
    const expected = { issuer, audience: 'web', now };
    await neverThrows(
      fc.tuple(hostileJson({ keys: [jwk] }), hostileText(token), fc.boolean()),
      async ([set, text, isWhole]) => {
        const fetchJson = async (url: URL) => (url.pathname === '/jwks' ? set : document);
        const tokens = callerTokens({ fetchJson });
        const carried = isWhole ? token : text;
        tokens.read(carried);
        return tokens.verify(carried, expected).catch(unlessUnavailable);
      },
    );
    const about = { aud: 'image-policy', nonce: 'n-0123456789', deploy: 'run-7#1', now };
    await neverThrows(
      fc.tuple(hostileText(token), hostileJson({ keys: [jwk] }), fc.boolean()),
      ([text, set, isWhole]) =>
        verifyDecision(isWhole ? token : text, { keys: keysIn(set) as object[] }, about),
    );
  });
});

describe('what a witness, a pager and a gate system answer', () => {
  it('a witness that cosigns', async () => {
    const vkey = formatWitnessVkey('witness.example', new Uint8Array(32));
    const key = witnessKeyFromVkey(vkey, () => true);
    if (!key.ok) throw new RangeError(key.code);
    const witness = createWitness({ key: key.value, url: service.url, allowPrivate: true });
    const asked = { oldSize: 0, proof: [], checkpoint: 'log\n1\nAAAA\n\n— log AAAA\n' };
    const line = `— witness.example ${Buffer.alloc(76, 1).toString('base64')}\n`;
    await neverThrows(
      fc.tuple(status, hostileText(line, '7\n')),
      ([code, body]) => {
        service.answer({ status: code, body });
        return witness.addCheckpoint(asked);
      },
      { but: [WitnessUnreachable], runs: 40 },
    );
    await witness.close();
  });

  it('PagerDuty, asked who is on call', async () => {
    const onCall = createOnCall({
      accountOf: async () => ({ url: service.url, token: 't' }),
      allowPrivate: true,
      // Each answer is asked for anew, and no pause is kept.
      clock: (() => {
        let now = 0;
        return () => (now += 10_000_000);
      })(),
    });
    const one = { user: { id: 'P1' }, escalation_policy: { id: 'E' }, escalation_level: 1 };
    const listed = { more: false, oncalls: [{ ...one, start: null, end: '2026-11-22T00:00:00Z' }] };
    const sources = [
      { kind: 'schedule', id: 'S' },
      { kind: 'escalation-policy', id: 'E', levels: [1] },
    ] as const;
    await neverThrows(
      fc.tuple(
        status,
        hostileJsonText({ users: [{ id: 'P1' }] }, listed),
        fc.constantFrom(...sources),
      ),
      ([code, body, source]) => {
        service.answer({ status: code, body });
        return onCall.usersOf(tenantId('acme'), source, 0);
      },
      { but: [LookUpFailed], runs: 40 },
    );
    await onCall.close();
  });

  it('OPA, asked what stands there', async () => {
    const client = opaClient({ url: service.url, token: null, ca: null });
    await neverThrows(
      fc.tuple(status, hostileJsonText({ result: { e1: { bypass: 'b', hash: 'h' } } })),
      ([code, body]) => {
        service.answer({ status: code, body });
        return reconcileGate(client, ['breakglass'], 'g', []);
      },
      { but: [OpaFailure], runs: 40 },
    );
    await neverThrows(hostileJson({ decision_logs: { service: 's' } }), isWatched);
  });

  it('Kubernetes, asked what stands there', async () => {
    const tokenFile = join(world.folder, 'token');
    await writeFile(tokenFile, 't');
    const client = kubernetesClient({ apiUrl: service.url, ca: null, tokenFile });
    const item = { metadata: { name: 'n', uid: 'u', resourceVersion: '1' }, spec: {} };
    await neverThrows(
      fc.tuple(status, hostileJsonText({ items: [item], metadata: {} })),
      ([code, body]) => {
        service.answer({ status: code, body });
        return standingExceptions(client, 'breakglass', tenantId('acme'));
      },
      { but: [KyvernoFailure], runs: 40 },
    );
  });

  it('Slack, asked who somebody is', () =>
    neverThrows(
      hostileJson({ id: 'U1', team_id: 'T1', is_restricted: false, is_ultra_restricted: false }),
      (json) => {
        const read = slackUser.safeParse(json);
        return read.success ? profileOf(read.data, { team: 'T1', user: 'U1' }) : null;
      },
      {
        holds: (profile) => {
          if (profile !== null) expect(profile.name.trim()).not.toBe('');
        },
      },
    ));
});

/** The keys of a set, whatever it is. */
function keysIn(set: unknown): unknown {
  const keys: unknown = (Object(set) as { keys?: unknown }).keys;
  return Array.isArray(keys) ? keys : [];
}

/** The error that `verify` documents. */
function unlessUnavailable(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'issuer-unavailable') return null;
  throw error;
}
