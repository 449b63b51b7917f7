import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import { describe, expect, it } from 'vitest';
import { verifyJws } from '#cli/verify-jws';
import type { JsonValue } from '#ledger/canonical-json';
import { readIdToken, type JwsAlgorithm } from '#ledger/verify/sign-ins/id-token';
import { readProviderKey } from '#ledger/verify/sign-ins/provider-key';

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PAIRS: { readonly [Alg in JwsAlgorithm]: Pair } = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const ALGORITHMS = Object.keys(PAIRS) as JwsAlgorithm[];

const jwkOf = ({ publicKey }: Pair): JsonValue => publicKey.export({ format: 'jwk' }) as JsonValue;

const CLAIMS = { iss: 'https://id.example.com', sub: 'amy', aud: 'client', iat: 1, exp: 2 };

async function signed(alg: string, { privateKey }: Pair, claims: object = CLAIMS) {
  const compact = await new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg })
    .sign(privateKey);
  const read = readIdToken(compact);
  if (!read.ok) throw new RangeError(read.code);
  return read.token;
}

describe('a JWS signature', () => {
  it.each(ALGORITHMS)('of %s verifies with its own key, and with no other', async (alg) => {
    const { signingInput, signature } = await signed(alg, PAIRS[alg]);
    for (const other of ALGORITHMS)
      expect({ other, ok: verifyJws(jwkOf(PAIRS[other]), alg, signingInput, signature) }).toEqual({
        other,
        ok: PAIRS[other] === PAIRS[alg],
      });
  });

  it.each(ALGORITHMS)('of %s verifies under no other algorithm', async (alg) => {
    const { signingInput, signature } = await signed(alg, PAIRS[alg]);
    const found = ALGORITHMS.filter((one) =>
      verifyJws(jwkOf(PAIRS[alg]), one, signingInput, signature),
    );
    expect(found).toEqual([alg]);
  });

  it('over other bytes, or of no bytes, verifies nothing', async () => {
    const { signingInput, signature } = await signed('ES256', PAIRS.ES256);
    const jwk = jwkOf(PAIRS.ES256);
    expect(verifyJws(jwk, 'ES256', signingInput.slice(1), signature)).toBe(false);
    expect(verifyJws(jwk, 'ES256', signingInput, signature.slice(1))).toBe(false);
    expect(verifyJws(jwk, 'ES256', signingInput, new Uint8Array())).toBe(false);
    expect(verifyJws(jwk, 'ES256', signingInput, new Uint8Array(64))).toBe(false);
  });

  it('verifies with nothing that is no public key, and with no short RSA key', async () => {
    const { signingInput, signature } = await signed('RS256', PAIRS.RS256);
    for (const jwk of [null, 'key', {}, { kty: 'oct', k: 'AA' }, { kty: 'RSA' }])
      expect(verifyJws(jwk, 'RS256', signingInput, signature)).toBe(false);
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(verifyJws(jwkOf(short), 'RS256', signingInput, signature)).toBe(false);
  });
});

describe('an ID token', () => {
  it('is read with who asked: the authorised party, or the one audience', async () => {
    const read = async (over: object) =>
      (await signed('ES256', PAIRS.ES256, { ...CLAIMS, ...over })).client;
    expect(await read({})).toBe('client');
    expect(await read({ aud: ['client'] })).toBe('client');
    expect(await read({ aud: ['client', 'wiki'] })).toBeNull();
    expect(await read({ aud: ['client', 'wiki'], azp: 'wiki' })).toBe('wiki');
    expect(await read({ aud: [] })).toBeNull();
  });

  it('has an e-mail only where the provider verified it', async () => {
    const read = async (over: object) =>
      (await signed('ES256', PAIRS.ES256, { ...CLAIMS, email: 'amy@example.com', ...over })).email;
    expect(await read({ email_verified: true })).toBe('amy@example.com');
    expect(await read({ email_verified: 'true' })).toBe('amy@example.com');
    expect(await read({ email_verified: false })).toBeNull();
    expect(await read({})).toBeNull();
  });

  it.each([
    ['', 'id-token-malformed'],
    ['a.b', 'id-token-malformed'],
    ['a.b.c.d', 'id-token-malformed'],
    ['e30.e30.AA', 'id-token-malformed'],
    ['eyJhbGciOiJub25lIn0.e30.AA', 'id-token-malformed'],
  ])('%j is none', (compact, code) => {
    expect(readIdToken(compact)).toEqual({ ok: false, code });
  });
});

describe('a key of a provider', () => {
  it('is the same key, whatever stands beside it (RFC 7638)', () => {
    const jwk = jwkOf(PAIRS.ES256) as Readonly<Record<string, JsonValue>>;
    const [one, other] = [readProviderKey(jwk), readProviderKey({ ...jwk, kid: 'k', x5t: 'AA' })];
    expect(one?.thumbprint).toMatch(/^[0-9a-f]{64}$/);
    expect(other?.thumbprint).toBe(one?.thumbprint);
  });

  it('has the thumbprint of RFC 7638 §3.1', () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    const read = readProviderKey({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' });
    const thumbprint = Buffer.from('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs', 'base64url');
    expect(read?.thumbprint).toBe(thumbprint.toString('hex'));
  });

  it.each([
    ['for encryption', { kty: 'RSA', n: 'AA', e: 'AQAB', use: 'enc' }],
    ['private', { kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA' }],
    ['shared', { kty: 'oct', k: 'AA' }],
    ['without its parts', { kty: 'EC', crv: 'P-256', x: 'AA' }],
    ['no object', 'key'],
  ])('is none that is %s', (_, jwk) => {
    expect(readProviderKey(jwk)).toBeUndefined();
  });
});
