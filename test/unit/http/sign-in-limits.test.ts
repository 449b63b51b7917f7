import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { IdentityProvider } from '#application/ports/identity-provider';
import type { SignInSigner } from '#application/ports/sign-in-signer';
import { clientAddress } from '#http/client-address';
import type { FetchHandler } from '#http/problem';
import { signInRoutes } from '#http/sign-in/sign-in-routes';
import { preparedApproval } from '#test/support/sign-in/prepared';
import { signInsInMemory } from '#test/support/sign-in/sign-ins-in-memory';
import { recordingLog } from './recording-log.ts';

const SITE = 'https://breakglass.example';
const newLink = (): string => randomBytes(32).toString('base64url');

let link: string;
let now: number;
let asked: number;
let routes: FetchHandler;
beforeEach(() => {
  link = newLink();
  now = 0;
  asked = 0;
  const prepared = preparedApproval({
    issuer: 'https://login.example',
    ssoClient: 'web',
    ownKeyClient: 'own',
    linkBase: `${SITE}/sign-in/`,
  });
  const away = async () => {
    asked += 1;
    return { failed: 'provider-unavailable' } as const;
  };
  const provider: IdentityProvider = {
    issuer: 'https://login.example',
    client: 'web',
    keys: away,
    authorizationUrl: away,
    redeem: away,
    verify: away,
  };
  const signer: SignInSigner = {
    newKey: () => ({ spki: new Uint8Array(), secret: new Uint8Array() }),
    sign: async () => ({ ok: false, fault: 'unavailable' }),
  };
  routes = signInRoutes({
    signIns: signInsInMemory(link, prepared),
    provider,
    signer,
    sigstore: { fulcioUrl: SITE, tsaUrl: null, rekorUrl: null, rekorVersion: 1 },
    publicUrl: SITE,
    now: async () => prepared.pressedAt,
    log: recordingLog(),
    proxies: 1,
    limits: { link: { perSecond: 0.1, burst: 3 }, address: { perSecond: 1, burst: 5 } },
    monotonicMs: () => now,
  });
});

const FORM = {
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
};

async function send(path: string, from = '203.0.113.7', method = 'POST'): Promise<Response> {
  const headers = { ...FORM, 'x-forwarded-for': `198.51.100.9, ${from}` };
  return routes(new Request(`${SITE}/sign-in/${path}`, { method, headers }), { peer: '10.0.0.1' });
}

async function statuses(times: number, path: () => string, from?: string) {
  const answers: number[] = [];
  for (let time = 0; time < times; time += 1) answers.push((await send(path(), from)).status);
  return answers;
}

describe('what is sent to a sign-in too often', () => {
  test('is refused for its link, in words and with the time to wait', async () => {
    expect(await statuses(3, () => link)).toEqual([503, 503, 503]);
    const page = await send(link);
    expect(page.status).toBe(429);
    expect(page.headers.get('retry-after')).toBe('10');
    const words = await page.text();
    expect(words).toContain('Nothing was approved. Wait 10 seconds, then try again.');
    expect(words).toContain('Back to the request');
    const other = await send(link, '203.0.113.8');
    expect(other.status).toBe(429);
    expect(asked).toBe(3);
    now += 10_000;
    expect((await send(link)).status).toBe(503);
  });

  test('tells a program so in its own form', async () => {
    await statuses(3, () => `${link}/keys`);
    for (const path of [`${link}/keys`, `${link}/approval`]) {
      const answer = await send(path);
      expect(answer.status).toBe(429);
      expect(answer.headers.get('retry-after')).toBe('10');
      expect(await answer.json()).toMatchObject({ title: 'That was too often', code: 'too-often' });
    }
  });

  test('is refused for its address, whatever links it makes up, and for no other', async () => {
    expect(await statuses(5, newLink)).toEqual([404, 404, 404, 404, 404]);
    expect(await statuses(2, newLink)).toEqual([429, 429]);
    expect((await send('confirm')).status).toBe(429);
    expect((await send(link, '203.0.113.8')).status).toBe(503);
    now += 1_000;
    expect((await send(link)).status).toBe(503);
  });

  test('leaves reading alone', async () => {
    await statuses(10, () => link);
    expect((await send(link, undefined, 'GET')).status).toBe(200);
  });
});

test('who has no link does not get the provider asked', async () => {
  expect((await send(`${newLink()}/keys`)).status).toBe(404);
  expect((await send(newLink())).status).toBe(404);
  expect(asked).toBe(0);
});

describe('the address of a client', () => {
  const of = (forwarded: string | null, peer: string | undefined, proxies: number) =>
    clientAddress(
      new Headers(forwarded === null ? {} : { 'x-forwarded-for': forwarded }),
      { peer },
      proxies,
    );

  test.each([
    ['is the other end where no proxy is set', '192.0.2.1', '10.0.0.1', 0, '10.0.0.1'],
    ['is what the nearest proxy added', 'forged, 192.0.2.1', '10.0.0.1', 1, '192.0.2.1'],
    ['is what the first of two proxies added', 'x, 192.0.2.1, 10.0.0.2', '::1', 2, '192.0.2.1'],
    ['is the other end where no proxy added any', null, '10.0.0.1', 1, '10.0.0.1'],
    ['is the other end where too few did', '192.0.2.1', '10.0.0.1', 2, '10.0.0.1'],
    ['is unknown where nothing tells', null, undefined, 1, null],
    ['is a whole network of IPv6', '2001:db8::1', 'x', 1, '2001:db8:0:0::/64'],
    ['is the same network for another of it', '2001:0DB8::ffff:9', 'x', 1, '2001:db8:0:0::/64'],
    ['is IPv4 where IPv6 carries it', null, '::ffff:192.0.2.1', 0, '192.0.2.1'],
    ['is another network for another', '2001:db8:0:1::1', 'x', 1, '2001:db8:0:1::/64'],
  ] as const)('%s', (_, forwarded, peer, proxies, expected) => {
    expect(of(forwarded, peer, proxies)).toBe(expected);
  });
});
