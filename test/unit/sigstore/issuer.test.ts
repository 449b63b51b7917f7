import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { createIssuer, generateIssuerKey } from '#sigstore/issuer';

const issuerUrl = 'https://breakglass.example.com/oidc';
const now = new Date('2026-03-01T02:00:00.900Z');
const request = { sub: 'sha256:abc', email: 'amy@example.com', now, jti: 'entry-1' };

describe('a minted token', () => {
  test('says who, about what, for whom and how long', async () => {
    const issuer = createIssuer({ issuerUrl, keys: [await generateIssuerKey()] });
    expect(decodeJwt(await issuer.mintToken(request))).toEqual({
      iss: issuerUrl,
      aud: 'sigstore',
      sub: 'sha256:abc',
      email: 'amy@example.com',
      email_verified: true,
      jti: 'entry-1',
      iat: 1772330400,
      nbf: 1772330400,
      exp: 1772330460,
    });
  });

  test('verifies with the published keys, and says nothing of an address without one', async () => {
    const issuer = createIssuer({ issuerUrl, keys: [await generateIssuerKey()] });
    const { email: _none, ...workload } = request;
    const token = await issuer.mintToken({ ...workload, audience: 'other', ttlS: 10 });
    const keySet = createLocalJWKSet(await published(issuer.routes()));
    const { payload, protectedHeader } = await jwtVerify(token, keySet, {
      issuer: issuerUrl,
      audience: 'other',
      currentDate: now,
    });
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).not.toHaveProperty('email');
    expect(payload).not.toHaveProperty('email_verified');
    expect(payload.exp).toBe(1772330410);
  });

  test('is signed with the first key, and older keys still verify', async () => {
    const [older, newer] = [await generateIssuerKey(), await generateIssuerKey()];
    const before = createIssuer({ issuerUrl, keys: [older] });
    const after = createIssuer({ issuerUrl, keys: [newer, older] });
    const keySet = createLocalJWKSet(await published(after.routes()));
    const old = await jwtVerify(await before.mintToken(request), keySet, { currentDate: now });
    const fresh = await jwtVerify(await after.mintToken(request), keySet, { currentDate: now });
    expect(old.protectedHeader.kid).toBe(older.kid);
    expect(fresh.protectedHeader.kid).toBe(newer.kid);
  });

  test('without a subject or an id is not made', async () => {
    const issuer = createIssuer({ issuerUrl, keys: [await generateIssuerKey()] });
    await expect(issuer.mintToken({ ...request, sub: '' })).rejects.toThrow(TypeError);
    await expect(issuer.mintToken({ ...request, jti: '' })).rejects.toThrow(TypeError);
  });
});

describe('the discovery document', () => {
  test('names the issuer, the keys and ES256', async () => {
    const issuer = createIssuer({ issuerUrl, keys: [await generateIssuerKey()] });
    const response = await issuer.routes().request('/.well-known/openid-configuration');
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({
      issuer: issuerUrl,
      jwks_uri: `${issuerUrl}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['ES256'],
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
    });
  });

  test('comes with keys that have no private part', async () => {
    const key = await generateIssuerKey();
    const issuer = createIssuer({ issuerUrl, keys: [key] });
    const { d, ...open } = key;
    expect(await published(issuer.routes())).toEqual({ keys: [open] });
    expect(d).not.toBe('');
  });
});

test.each([
  'http://breakglass.example.com',
  'https://breakglass.example.com/',
  'https://breakglass.example.com?x=1',
  'breakglass.example.com',
])('«%s» cannot be an issuer', async (url) => {
  const keys = [await generateIssuerKey()];
  expect(() => createIssuer({ issuerUrl: url, keys })).toThrow(TypeError);
});

test('an issuer without keys is not made', () => {
  expect(() => createIssuer({ issuerUrl, keys: [] })).toThrow(TypeError);
});

async function published(
  routes: ReturnType<ReturnType<typeof createIssuer>['routes']>,
): Promise<{ keys: { kty: string }[] }> {
  return JSON.parse(await (await routes.request('/.well-known/jwks.json')).text());
}
