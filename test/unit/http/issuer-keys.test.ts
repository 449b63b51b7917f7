import { afterAll, expect, test } from 'vitest';
import { callerTokens } from '#http/callers/caller-tokens';
import { createJsonFetcher } from '#runtime/fetch-json';
import { ciIssuer, type CiIssuer } from '#test/support/callers/ci-issuer';

const MINUTE_MS = 60_000;
const NOW = 1_795_000_000_000;
const AUDIENCE = 'breakglass/acme';
const fetcher = createJsonFetcher(true);
afterAll(() => fetcher.close());

function verifier(fetchJson = fetcher.fetchJson) {
  let nowMs = 0;
  let strangers = 0;
  const tokens = callerTokens({ fetchJson, monotonicMs: () => nowMs });
  return {
    advance: (ms: number) => void (nowMs += ms),
    isGood: async (issuer: string, token: string) =>
      'claims' in (await tokens.verify(token, { issuer, audience: AUDIENCE, now: NOW })),
    /** A token in the issuer's name by a key that it never had. */
    stranger: async (ci: CiIssuer) => {
      strangers += 1;
      const forged = await ci.token(claims, { kid: `strange-${strangers}` });
      const expected = { issuer: ci.issuer, audience: AUDIENCE, now: NOW };
      return 'claims' in (await tokens.verify(forged, expected));
    },
  };
}

const claims = { aud: AUDIENCE, exp: NOW / 1_000 + 300 };

/** Metadata and keys. */
const REQUESTS = 2;

test('a key that the issuer has made meanwhile is found, and one that it withdrew is forgotten', async () => {
  await using ci = await ciIssuer();
  const { isGood } = verifier();
  const before = await ci.token(claims);
  expect(await isGood(ci.issuer, before)).toBe(true);
  await ci.rotate();
  expect(await isGood(ci.issuer, await ci.token(claims))).toBe(true);
  expect(await isGood(ci.issuer, before)).toBe(false);
});

test('strangers who come every ten seconds keep no new key from being found at once', async () => {
  await using ci = await ciIssuer();
  const { isGood, stranger, advance } = verifier();
  expect(await isGood(ci.issuer, await ci.token(claims))).toBe(true);
  for (let round = 0; round < 60; round += 1) {
    advance(10_000);
    expect(await stranger(ci)).toBe(false);
  }
  await ci.rotate();
  expect(await isGood(ci.issuer, await ci.token(claims))).toBe(true);
});

test('a flood of strangers asks the issuer every ten seconds, and a new key is found in that time', async () => {
  await using ci = await ciIssuer();
  const { isGood, stranger, advance } = verifier();
  for (let count = 0; count < 100; count += 1) expect(await stranger(ci)).toBe(false);
  expect(ci.asked()).toBeLessThanOrEqual(6 * REQUESTS);
  const asked = ci.asked();
  for (let second = 0; second < 60; second += 1) {
    advance(1_000);
    for (const _ of [1, 2, 3]) await stranger(ci);
  }
  expect(ci.asked() - asked).toBeLessThanOrEqual(6 * REQUESTS);
  await ci.rotate();
  const after = await ci.token(claims);
  expect(await isGood(ci.issuer, after)).toBe(false);
  for (let second = 0; second < 11; second += 1) {
    advance(1_000);
    await stranger(ci);
  }
  expect(await isGood(ci.issuer, after)).toBe(true);
});

test('keys outlive an issuer that is down for as long as they are taken, and no longer', async () => {
  await using ci = await ciIssuer();
  const { isGood, advance } = verifier();
  const token = await ci.token(claims);
  expect(await isGood(ci.issuer, token)).toBe(true);
  ci.is('broken');
  advance(9 * MINUTE_MS);
  expect(await isGood(ci.issuer, token)).toBe(true);
  advance(MINUTE_MS);
  await expect(isGood(ci.issuer, token)).rejects.toMatchObject({ code: 'issuer-unavailable' });
  ci.is('well');
  advance(10_000);
  expect(await isGood(ci.issuer, token)).toBe(true);
});

test('ES256 is taken as well', async () => {
  await using ci = await ciIssuer('ES256');
  expect(await verifier().isGood(ci.issuer, await ci.token(claims))).toBe(true);
});

test('metadata of another issuer is not believed', async () => {
  await using ci = await ciIssuer();
  await using other = await ciIssuer();
  const { isGood } = verifier((url, signal) =>
    fetcher.fetchJson(new URL(url.pathname, other.issuer), signal),
  );
  const token = await other.token({ ...claims, iss: ci.issuer });
  await expect(isGood(ci.issuer, token)).rejects.toMatchObject({ code: 'issuer-unavailable' });
});

test('addresses inside the network are not reached, unless that is allowed', async () => {
  await using ci = await ciIssuer();
  const guarded = createJsonFetcher(false);
  const signal = AbortSignal.timeout(10_000);
  for (const url of [`${ci.issuer}/jwks`, ci.issuer.replace('http:', 'https:')])
    await expect(guarded.fetchJson(new URL(url), signal)).rejects.toMatchObject({
      code: expect.stringMatching(/^(plain-http|address-refused)$/),
    });
  expect(ci.asked()).toBe(0);
  await guarded.close();
});
