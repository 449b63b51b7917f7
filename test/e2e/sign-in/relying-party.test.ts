import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SignInUnderWay } from '#application/ports/identity-provider';
import { relyingParty } from '#sigstore/sign-in/relying-party';
import { visitor } from '#test/support/oidc/browse';
import { startIdentityProvider, type IdentityProvider } from '#test/support/oidc/identity-provider';
import { ACCOUNTS } from '#test/support/oidc/people';
import { signInAt } from '#test/support/oidc/sign-in-by-fetch';

const REDIRECT = 'http://127.0.0.1:9/sign-in/callback';
const people = Object.values(ACCOUNTS);

let provider: IdentityProvider;
beforeAll(async () => {
  const options = { people, redirectUris: [REDIRECT], audience: 'sigstore' };
  provider = await startIdentityProvider(options);
});
afterAll(() => provider.close());
afterEach(() => provider.editTokens(null));

const party = (changed: { issuer?: string; clientSecret?: string } = {}) =>
  relyingParty({
    issuer: provider.issuer,
    clientId: provider.webClient.id,
    clientSecret: provider.webClient.secret,
    ...changed,
  });

const underWay = (changed: Partial<SignInUnderWay> = {}): SignInUnderWay => ({
  state: 'the-state-of-this-sign-in',
  codeVerifier: 'v'.repeat(43),
  nonce: 'n'.repeat(43),
  redirectUri: REDIRECT,
  begunAt: Date.now(),
  ...changed,
});

/** Signs in with a browser of its own, and gives the query that comes back. */
async function answerOf(
  sub: string,
  of: SignInUnderWay = underWay(),
  browser = visitor(REDIRECT),
): Promise<URLSearchParams> {
  const sent = await party().authorizationUrl(of);
  if (!('url' in sent)) throw new Error(sent.failed);
  const back = await signInAt(browser, sent.url, sub);
  return new URL(back.url).searchParams;
}

async function redeemed(of = underWay(), now = Date.now()) {
  return party().redeem(of, await answerOf(ACCOUNTS.senior.sub, of), now);
}

describe('a sign-in at the provider', () => {
  test('gives the token, what it says, and the keys that verify it', async () => {
    const of = underWay();
    const signedIn = await redeemed(of);
    expect(signedIn).toMatchObject({
      signIn: {
        issuer: provider.issuer,
        subject: ACCOUNTS.senior.sub,
        email: 'senior@acme.example',
        emailVerified: true,
        nonce: of.nonce,
        client: provider.webClient.id,
      },
      keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' }],
    });
    expect(JSON.stringify(signedIn)).not.toContain('"d"');
  });

  test('is asked for anew of somebody who is signed in there already', async () => {
    const browser = visitor(REDIRECT);
    await answerOf(ACCOUNTS.senior.sub, underWay(), browser);
    // Without a page to press on, this throws.
    const again = await answerOf(ACCOUNTS.senior.sub, underWay(), browser);
    expect(again.get('code')).not.toBeNull();
  });

  test('goes on with the provider’s new key', async () => {
    const before = await redeemed();
    await provider.rotateKeys();
    const after = await redeemed();
    if (!('keys' in before && 'keys' in after)) throw new Error('no sign-in');
    const kids = (of: typeof before) => of.keys.map((key) => JSON.stringify(key));
    expect(kids(after)).toEqual([expect.any(String), ...kids(before)]);
  });

  test('is judged by the clock that is handed in, not by this machine’s', async () => {
    const [begunAt, now] = [Date.now() - 600_000, Date.now() + 3 * 3600_000];
    expect(await redeemed(underWay({ begunAt }), now)).toEqual({ failed: 'token-expired' });
  });
});

describe('refused', () => {
  test('a code that was redeemed already', async () => {
    const of = underWay();
    const query = await answerOf(ACCOUNTS.senior.sub, of);
    expect(await party().redeem(of, query, Date.now())).toHaveProperty('signIn');
    expect(await party().redeem(of, query, Date.now())).toMatchObject({ failed: 'code-refused' });
  });

  test.each([
    ['another state', (query: URLSearchParams) => query.set('state', 'other')],
    ['two states', (query: URLSearchParams) => query.append('state', 'other')],
    ['another issuer', (query: URLSearchParams) => query.set('iss', 'https://evil.example')],
    ['no code', (query: URLSearchParams) => query.delete('code')],
  ])('an answer with %s', async (_, change) => {
    const of = underWay();
    const query = await answerOf(ACCOUNTS.senior.sub, of);
    change(query);
    expect(await party().redeem(of, query, Date.now())).toMatchObject({ failed: 'answer-refused' });
  });

  test('another code verifier, and another secret of the client', async () => {
    const of = underWay();
    const query = await answerOf(ACCOUNTS.senior.sub, of);
    const other = { ...of, codeVerifier: 'w'.repeat(43) };
    expect(await party().redeem(other, query, Date.now())).toMatchObject({
      failed: 'code-refused',
    });
    const again = await answerOf(ACCOUNTS.senior.sub, of);
    const stranger = party({ clientSecret: 'wrong' });
    expect(await stranger.redeem(of, again, Date.now())).toMatchObject({ failed: 'code-refused' });
  });

  test('somebody who gives up at the provider', async () => {
    const of = underWay();
    const query = await answerOf('', of);
    expect(await party().redeem(of, query, Date.now())).toEqual({
      failed: 'sign-in-denied',
      said: 'access_denied',
    });
  });

  test('an e-mail that the provider has not verified', async () => {
    const of = underWay();
    const query = await answerOf(ACCOUNTS.unverified.sub, of);
    expect(await party().redeem(of, query, Date.now())).toEqual({ failed: 'email-not-verified' });
  });

  const hourAgo = Math.floor(Date.now() / 1000) - 3600;
  test.each([
    ['token-nonce', { nonce: 'another' }],
    // A provider that leaves the nonce out cannot bind a sign-in to anything.
    ['provider-unusable', { nonce: undefined }],
    ['token-issuer', { iss: 'https://evil.example' }],
    ['token-audience', { aud: 'another-client', azp: undefined }],
    ['token-audience', { azp: 'another-client' }],
    ['token-audience', { azp: undefined }],
    ['token-expired', { exp: hourAgo }],
    ['token-from-the-future', { iat: hourAgo + 3 * 3600 }],
    ['sign-in-not-fresh', { auth_time: hourAgo }],
    ['sign-in-not-fresh', { auth_time: undefined }],
    ['email-missing', { email: undefined }],
    ['email-missing', { email: 'sénior@acme.example' }],
    ['email-not-verified', { email_verified: 'true' }],
  ])('%s: %o', async (failed, claims) => {
    provider.editTokens((token) => ({ ...token, ...claims }));
    expect(await redeemed()).toMatchObject({ failed });
  });

  test('a token that no published key signed', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await new SignJWT({ iss: provider.issuer, aud: provider.webClient.id, sub: 'x' })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
    const clients = [provider.webClient.id];
    expect(await party().verify(forged, clients, Date.now())).toEqual({
      failed: 'token-signature',
    });
    const [, claims = '', signature = ''] = forged.split('.');
    const head = (alg: string) => Buffer.from(JSON.stringify({ alg })).toString('base64url');
    for (const alg of ['none', 'HS256', 'ES384'])
      expect(
        await party().verify(`${head(alg)}.${claims}.${signature}`, clients, Date.now()),
      ).toEqual({ failed: 'token-signature', said: 'an algorithm that is not offered' });
    expect(await party().verify(`${head('none')}.${claims}.`, clients, Date.now())).toEqual({
      failed: 'token-malformed',
    });
    expect(await party().verify('no token', clients, Date.now())).toEqual({
      failed: 'token-malformed',
    });
  });

  test('a token whose signature is spelled otherwise, which no reader of the log takes', async () => {
    const signedIn = await redeemed();
    if (!('idToken' in signedIn)) throw new Error(signedIn.failed);
    const { idToken } = signedIn;
    const bytesOf = (token: string) => Buffer.from(token.split('.')[2] ?? '', 'base64url');
    // The last of 86 letters says two bits of the 64 bytes, and four that are nothing.
    const twins: Readonly<Record<string, string>> = { A: 'B', Q: 'R', g: 'h', w: 'x' };
    const twin = `${idToken.slice(0, -1)}${twins[idToken.at(-1) ?? ''] ?? ''}`;
    expect(bytesOf(twin)).toEqual(bytesOf(idToken));
    const clients = [provider.webClient.id];
    for (const token of [twin, `${idToken}==`, `${idToken} `])
      expect(await party().verify(token, clients, Date.now())).toEqual({
        failed: 'token-malformed',
      });
  });

  test('a token of another client, handed in', async () => {
    const signedIn = await redeemed();
    if (!('idToken' in signedIn)) throw new Error(signedIn.failed);
    const { nativeClient, webClient } = provider;
    const verify = (clients: string[]) => party().verify(signedIn.idToken, clients, Date.now());
    expect(await verify([nativeClient.id])).toEqual({ failed: 'token-audience' });
    expect(await verify([nativeClient.id, webClient.id])).toHaveProperty('signIn');
  });
});

describe('a provider that', () => {
  test('is another than its address says is unusable', async () => {
    const slash = party({ issuer: `${provider.issuer}/` });
    expect(await slash.keys()).toMatchObject({ failed: 'provider-unusable' });
  });

  test('does not answer is unavailable', async () => {
    expect(await party({ issuer: 'http://127.0.0.1:1' }).keys()).toMatchObject({
      failed: 'provider-unavailable',
    });
  });

  test('has no https address is unusable', async () => {
    expect(await party({ issuer: 'http://idp.example' }).keys()).toMatchObject({
      failed: 'provider-unusable',
    });
  });

  test.each([
    ['sends us elsewhere', 302, { location: 'http://127.0.0.1:1/' }, '', 'provider-unusable'],
    ['is broken', 503, {}, '', 'provider-unavailable'],
    ['has no JSON', 200, { 'content-type': 'application/json' }, '<', 'provider-unusable'],
    ['talks on', 200, { 'content-type': 'application/json' }, 'big', 'provider-unusable'],
  ] as const)('%s', async (_, status, headers, body, failed) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, headers).end(body === 'big' ? ' '.repeat(1024 * 1024) : body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await party({ issuer }).keys()).toMatchObject({ failed });
    server.closeAllConnections();
    server.close();
  });
});
