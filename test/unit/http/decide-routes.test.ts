import { expect, test } from 'vitest';
import type { BypassCard } from '#application/ports/card';
import {
  refuseLink,
  type DecideLinks,
  type LinkRefusalReason,
  type Whereabouts,
} from '#application/ports/decide-links';
import type { IdentityProvider } from '#application/ports/identity-provider';
import { stateOf } from '#application/links/link-secrets';
import { refuse, type Refusal } from '#domain/refusal';
import { isOfLink } from '#http/decide/come-back';
import { decideRoutes } from '#http/decide/decide-routes';
import { waitingCard } from '#test/support/sign-in/prepared';

const LINK = 'L'.repeat(43);
const HANDLE = 'H'.repeat(43);
const URL_OF = 'https://gate.acme.example/decide';
const FORM = {
  'content-type': 'application/x-www-form-urlencoded',
  'sec-fetch-site': 'same-origin',
};

const card = waitingCard();
const view = {
  phase: card.phase,
  gate: card.gate,
  drill: false,
  evaluation: false,
  pendingUntilAt: card.pendingUntilAt,
  grant: null,
  service: 'checkout',
  environment: 'production',
  issuer: 'https://login.acme.example',
} as const;

interface Has {
  readonly where?: Whereabouts;
  readonly refused?: LinkRefusalReason;
  readonly phase?: BypassCard['phase'];
}

/** One link, and what was asked of it. */
function pages(has: Has = {}) {
  const asked: unknown[] = [];
  const answer = <T>(what: string, value: T) => {
    asked.push(what);
    return Promise.resolve(has.refused === undefined ? value : refuseLink(has.refused));
  };
  const links: DecideLinks = {
    show: () => answer('show', { ...view, phase: has.phase ?? view.phase }),
    begin: () => answer('begin', { handle: HANDLE }),
    comeBack: () => answer('comeBack', { handle: HANDLE, link: LINK, secret: new Uint8Array() }),
    identify: () => answer('identify', { identified: true as const }),
    where: () => answer('where', has.where ?? { at: 'deciding', card, name: 'R. Roe', link: LINK }),
    choose: (_handle, _isOwner, choice) => {
      asked.push(choice);
      return answer('choose', { stored: true as const });
    },
  };
  const away = { failed: 'provider-unavailable' } as const;
  const provider: IdentityProvider = {
    issuer: view.issuer,
    client: 'breakglass',
    keys: async () => away,
    authorizationUrl: async ({ state, redirectUri }) => ({
      url: `${view.issuer}/auth?${new URLSearchParams({ state, redirect_uri: redirectUri }).toString()}`,
    }),
    redeem: async () => away,
    verify: async () => away,
  };
  const log = { warn: () => undefined, error: () => undefined };
  const routes = decideRoutes({
    links,
    provider,
    publicUrl: 'https://gate.acme.example',
    now: async () => card.openedAt,
    log,
    monotonicMs: () => 0,
    limits: { link: { perSecond: 1, burst: 3 }, address: { perSecond: 10, burst: 100 } },
  });
  const send = (path: string, init?: RequestInit): Promise<Response> =>
    Promise.resolve(routes(new Request(`${URL_OF}/${path}`, init), { peer: '192.0.2.1' }));
  const post = (path: string, fields: Record<string, string> = {}, headers = FORM) =>
    send(path, { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
  return { asked, send, post };
}

test('looking at a link a hundred times begins nothing, and keeps the link to itself', async () => {
  const { asked, send } = pages();
  for (let look = 0; look < 50; look += 1) {
    expect((await send(LINK)).status).toBe(200);
    expect((await send(LINK, { method: 'HEAD' })).status).toBe(200);
  }
  expect(new Set(asked)).toEqual(new Set(['show']));
  const { headers } = await send(LINK);
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('x-robots-tag')).toContain('noindex');
  expect(headers.get('set-cookie')).toBeNull();
});

test('a POST of our own page signs in, back to the one address that the provider knows', async () => {
  const { send, post } = pages();
  const sent = await post(LINK);
  const body = await sent.text();
  const state = stateOf(HANDLE);
  expect(body).toContain(`state=${state}`);
  expect(body).toContain(encodeURIComponent('https://gate.acme.example/sign-in/callback'));
  expect(sent.headers.get('set-cookie')).toMatch(/^__Host-.*; HttpOnly; SameSite=Lax; Secure$/);
  expect(isOfLink(new URL(`https://gate.acme.example/sign-in/callback?state=${state}`))).toBe(true);
  expect(isOfLink(new URL(`https://gate.acme.example/sign-in/${LINK}?state=${state}`))).toBe(false);
  for (const method of ['PUT', 'DELETE']) expect((await send(LINK, { method })).status).toBe(405);
});

test.for([{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://elsewhere.example' }, {}])(
  'a form of another page is not taken: %j',
  async (says) => {
    const { asked, send } = pages();
    const headers = { 'content-type': FORM['content-type'], ...says };
    for (const path of [LINK, 'request'])
      expect((await send(path, { method: 'POST', headers, body: 'a=b' })).status).toBe(403);
    expect(asked).toEqual([]);
  },
);

test('what is sent to one link is counted', async () => {
  const { post } = pages();
  const statuses = [];
  for (let nth = 0; nth < 4; nth += 1) statuses.push((await post(LINK)).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
});

test('the whole request is shown with its times, and what it is decided with', async () => {
  const offers = waitingCard({ grantableMs: [900_000, 3_600_000], justification: '<b>down</b>' });
  const where = { at: 'deciding', card: offers, name: 'R. Roe', link: LINK } as const;
  const body = await (await pages({ where }).send(`request?at=${HANDLE}`)).text();
  expect(body).toContain('&lt;b&gt;down&lt;/b&gt;');
  expect(body).toMatch(/value="3600000"\s+checked/);
  for (const words of ['15 minutes', 'R. Roe', 'INC-1234', 'One denial ends the request'])
    expect(body).toContain(words);
});

test.for<[Record<string, string>, unknown]>([
  [
    { decision: 'approve', ttl: '900000' },
    { kind: 'approve', ttlMs: 900_000 },
  ],
  [
    { decision: 'deny', reason: ' not\0 tonight ' },
    { kind: 'deny', reason: 'not tonight' },
  ],
])('a decision is stored, and the browser goes on with a GET: %j', async ([fields, choice]) => {
  const { asked, post } = pages();
  const answer = await post('request', { at: HANDLE, ...fields });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(`../decide/request?at=${HANDLE}`);
  expect(asked[0]).toEqual(choice);
});

test.for([
  { decision: 'approve', ttl: 'soon' },
  { decision: 'approve', ttl: '-1' },
  { decision: 'approve' },
  { decision: 'deny', reason: '   ' },
  { decision: 'deny', reason: '\u200b\u3164' },
  { decision: 'deny', reason: 'x'.repeat(1_001) },
  { decision: 'open' },
  {},
])('what is no decision stores nothing: %j', async (fields) => {
  const { asked, post } = pages();
  expect((await post('request', { at: HANDLE, ...fields })).status).toBe(400);
  expect(asked).toEqual([]);
});

test('a decision that is judged is looked at again, and one to be signed leads on', async () => {
  const judging = await pages({ where: { at: 'judging' } }).send(`request?at=${HANDLE}`);
  expect(await judging.text()).toContain(`content="2; url=../decide/request?at=${HANDLE}"`);
  const signing = pages({ where: { at: 'signing', link: LINK } });
  expect(await (await signing.send(`request?at=${HANDLE}`)).text()).toContain(
    `content="0; url=../sign-in/${LINK}"`,
  );
  const done = pages({ where: { at: 'done', card: waitingCard({ phase: 'denied' }) } });
  expect(await (await done.send('request')).text()).toContain('does not open image-policy');
});

const phases = ['active', 'denied', 'withdrawn', 'lapsed', 'closed'] as const;
test.for(phases)('a link tells what became of it, and offers nothing: %s', async (phase) => {
  const { send } = pages();
  expect(await (await send(LINK)).text()).toContain('<form');
  const over = await pages({ phase }).send(LINK);
  expect(await over.text()).not.toContain('<form');
});

const why = (reason: Refusal): LinkRefusalReason => ({
  code: 'not-decided',
  refusal: reason,
  link: LINK,
});

test.for<[LinkRefusalReason, string, boolean]>([
  [{ code: 'link-unknown' }, 'leads nowhere', false],
  [{ code: 'link-over' }, 'long over', false],
  [{ code: 'attempt-over' }, 'used already', false],
  [{ code: 'other-browser' }, 'another browser', false],
  [{ code: 'too-late', link: LINK }, 'ten minutes', true],
  [{ code: 'token-unfit' }, 'does not fit', false],
  [{ code: 'not-bound' }, 'bound in Slack alone', false],
  [{ code: 'provider-not-set' }, 'Decide in Slack', false],
  [why(refuse({ code: 'own-request' })), 'asked for this bypass yourself', false],
  [why(refuse({ code: 'not-an-approver' })), 'does not name you', false],
  [why(refuse({ code: 'look-up-failed', groups: [] })), 'Slack does not answer', true],
  [{ code: 'not-decided', refusal: null, link: LINK }, 'Look at the request again', true],
])(
  'a refusal is told in words, with the way back where that helps: %j',
  async ([refused, words, back]) => {
    const answer = await pages({ refused }).send(`request?at=${HANDLE}`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const body = await answer.text();
    expect(body).toContain(words);
    expect(body.includes(`../decide/${LINK}`)).toBe(back);
  },
);
