import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PreparedApproval } from '#application/ports/sign-in';
import { refuseSignIn } from '#application/ports/sign-in-refusal';
import { signInRoutes } from '#http/sign-in/sign-in-routes';
import { signInNonce } from '#ledger/sign-in-nonce';
import type { EmbeddedAuthority } from '#sigstore/embedded/authority';
import { parseBundle } from '#sigstore/parse-bundle';
import { relyingParty } from '#sigstore/sign-in/relying-party';
import { signInSigner } from '#sigstore/sign-in/sign-in-signer';
import { signingCircuits } from '#sigstore/signing-circuits';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { visitor, type Visited, type Visitor } from '#test/support/oidc/browse';
import type { IdentityProvider } from '#test/support/oidc/identity-provider';
import { ACCOUNTS } from '#test/support/oidc/people';
import { pressAccount } from '#test/support/oidc/sign-in-by-fetch';
import { handleIn, onwards, SAME_ORIGIN, signInOn } from '#test/support/sign-in/in-browser';
import { waitingCard } from '#test/support/sign-in/prepared';
import { signInWorld, type KeptLog, type SignInWorld } from '#test/support/sign-in/sign-in-world';
import type { SignInsInMemory } from '#test/support/sign-in/sign-ins-in-memory';

// One provider here answers only after its time is up.
vi.setConfig({ testTimeout: 120_000 });

let world: SignInWorld;
let provider: IdentityProvider;
let authority: EmbeddedAuthority;
let url: string;
beforeAll(async () => {
  world = await signInWorld();
  ({ provider, authority, origin: url } = world);
});
afterAll(() => world[Symbol.asyncDispose]());

let link: string;
let prepared: PreparedApproval;
let signIns: SignInsInMemory;
let log: KeptLog;
beforeEach(() => {
  ({ link, prepared, signIns, log } = world.newLink());
});
afterEach(() => provider.editTokens(null));

const page = (): string => `${url}/sign-in/${link}`;

/** Presses the button of the page, and signs in; gives the page that comes of it. */
const signIn = (browser: Visitor, sub: string): Promise<Visited> => signInOn(browser, page(), sub);

const bindTo = (sub: string, email: string) =>
  signIns.changes((before) => ({
    ...before,
    approver: {
      ...before.approver,
      binding: { issuer: provider.issuer, subject: sub, email },
    },
  }));

const asked = (edit: (before: PreparedApproval) => PreparedApproval) => signIns.changes(edit);

describe('the page of a link', () => {
  test('shows what is approved, and decides nothing', async () => {
    const { status, body } = await visitor().get(page());
    expect(status).toBe(200);
    for (const words of ['image-policy', 'checkout', 'production', '1 hour', 'J. Doe', 'R. Roe'])
      expect(body).toContain(words);
    expect(body).toContain('1 of 2 from @release');
    expect(body).toMatch(/works until \d\d:\d\d UTC, \d+ minutes from now/);
    expect(signIns.done).toEqual([]);
  });

  test('carries headers that keep the link and the press to itself', async () => {
    const { headers } = await visitor().get(page());
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('shows texts as texts', async () => {
    const nasty = '<script>alert(1)</script>"\'\u202Egnp.exe\u0000';
    asked((before) => ({
      ...before,
      approver: { ...before.approver, name: nasty },
      card: waitingCard({ justification: nasty, gate: nasty, incident: nasty, severity: nasty }),
    }));
    const { body } = await visitor().get(page());
    expect(body).not.toContain('<script');
    for (const hidden of ['\u0000', '\u202E']) expect(body).not.toContain(hidden);
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;\uFFFDgnp.exe\uFFFD');
  });

  test('marks a drill and an evaluation', async () => {
    asked((before) => ({ ...before, card: waitingCard({ drill: true, evaluation: true }) }));
    const { body } = await visitor().get(page());
    expect(body).toContain('This is a drill.');
    expect(body).toContain('Evaluation.');
  });

  test.each([
    '/sign-in',
    '/sign-in/x',
    `/sign-in/${'a'.repeat(43)}`,
    `/sign-in/${'a'.repeat(43)}/x`,
  ])('at %s leads nowhere', async (path) => {
    const { status, body } = await visitor().get(`${url}${path}`);
    expect(status).toBe(404);
    expect(body).toContain('This link leads nowhere');
  });
});

describe('an approver who is bound', () => {
  beforeEach(() => bindTo(ACCOUNTS.release1.sub, ACCOUNTS.release1.email));

  test('signs in, and hands in a bundle on a token that is bound to the statement', async () => {
    const back = await signIn(visitor(), ACCOUNTS.release1.sub);
    expect(back.body).toContain('Your approval of');
    expect(back.body).toContain('Still needed: 1 of @release');
    const [given] = signIns.handedIn;
    const { statement, digest } = prepared;
    const verified = createBundleVerifier(authority.trustedRoot)(given?.bundle, statement);
    expect(verified).toMatchObject({
      verified: true,
      identity: { type: 'email', value: ACCOUNTS.release1.email },
      issuer: provider.issuer,
      tokenSubject: ACCOUNTS.release1.sub,
    });
    expect(given?.signIn.nonce).toBe(signInNonce(digest, spkiOf(given?.bundle)));
    expect(signIns.done).toEqual(['relyOn', 'begin', 'complete']);
  });

  test('is told that the gate is open, and until when', async () => {
    const now = Date.now();
    const grant = { ttlMs: 3600_000, activatedAt: now, expiresAt: now + 3600_000 };
    const card = waitingCard({ phase: 'active', grant });
    signIns.completes(() => ({ completed: true, activated: true, card }));
    const back = await signIn(visitor(), ACCOUNTS.release1.sub);
    expect(back.body).toContain('Approved: the gate is open');
    expect(back.body).toMatch(/is open until \d\d:\d\d UTC, (59 minutes|1 hour) from now/);
  });

  test('who is somebody else at the provider is refused, and told so', async () => {
    const { status, body } = await signIn(visitor(), ACCOUNTS.senior.sub);
    expect(status).toBe(409);
    expect(body).toContain('That is not the account that is bound to you');
    expect(body).toContain(ACCOUNTS.senior.email);
    expect(signIns.handedIn).toEqual([]);
  });

  test('who gives up at the provider approves nothing', async () => {
    const { body } = await signIn(visitor(), '');
    expect(body).toContain('You did not sign in');
    expect(body).toContain(`href="${link}"`);
    expect(signIns.handedIn).toEqual([]);
  });

  test('sees a page, and the operator an error, where something breaks', async () => {
    signIns.completes(() => {
      throw new RangeError('the database is away');
    });
    const { status, body } = await signIn(visitor(), ACCOUNTS.release1.sub);
    expect(status).toBe(500);
    expect(body).toContain('Look at the card in Slack');
    expect(body).not.toContain('database');
    expect(log.lines.flat()).toContain('a sign-in failed');
  });

  test('may come back once: the same answer again does nothing', async () => {
    const browser = visitor();
    const back = await signIn(browser, ACCOUNTS.release1.sub);
    const again = await browser.get(back.url);
    expect(again.status).toBe(410);
    expect(again.body).toContain('This sign-in was used already');
    expect(signIns.handedIn).toHaveLength(1);
  });

  test('comes back in another browser, and is refused', async () => {
    const [mine, other] = [visitor(`${url}/sign-in/callback`), visitor()];
    const back = await signIn(mine, ACCOUNTS.release1.sub);
    const { body } = await other.get(back.url);
    expect(body).toContain('You came back in another browser');
    expect(signIns.handedIn).toEqual([]);
    // Whoever opens the address of an answer, such as a scanner of links, uses nothing up.
    expect((await mine.get(back.url)).body).toContain('Your approval of');
  });

  test('begins twice: only the later attempt counts', async () => {
    const browser = visitor();
    const first = await browser.post(page(), {}, SAME_ORIGIN);
    const second = await browser.post(page(), {}, SAME_ORIGIN);
    const early = await pressAccount(
      browser,
      await browser.get(onwards(first)),
      ACCOUNTS.release1.sub,
    );
    expect(early.body).toContain('This sign-in was used already');
    const late = await pressAccount(
      browser,
      await browser.get(onwards(second)),
      ACCOUNTS.release1.sub,
    );
    expect(late.body).toContain('Still needed');
  });

  test('whose provider tells no time of signing in is refused', async () => {
    provider.editTokens((claims) => ({ ...claims, auth_time: undefined }));
    const { body } = await signIn(visitor(), ACCOUNTS.release1.sub);
    expect(body).toContain('You were signed in already');
    expect(signIns.handedIn).toEqual([]);
  });

  test('is told why, where the approval is refused in the end', async () => {
    signIns.completes(() =>
      refuseSignIn({
        code: 'not-approved',
        refusal: { refused: true, code: 'own-request' },
        card: waitingCard(),
      }),
    );
    const { body } = await signIn(visitor(), ACCOUNTS.release1.sub);
    expect(body).toContain('You asked for this bypass yourself.');
  });

  test('cannot sign while Sigstore is away', async () => {
    // A token that the authority does not take: it is for another audience.
    const aud = provider.webClient.id;
    provider.editTokens((claims) => ({ ...claims, aud, azp: undefined }));
    const { body } = await signIn(visitor(), ACCOUNTS.release1.sub);
    expect(body).toContain('It could not be signed');
    expect(signIns.handedIn).toEqual([]);
  });

  test('leaves no token, code or link in the log', async () => {
    await signIn(visitor(), ACCOUNTS.senior.sub);
    await signIn(visitor(), '');
    provider.editTokens((claims) => ({ ...claims, nonce: 'other' }));
    await signIn(visitor(), ACCOUNTS.release1.sub);
    expect(log.lines.length).toBeGreaterThan(0);
    const logged = JSON.stringify(log.lines, (_, value: unknown) =>
      value instanceof Error ? [value.message, value.stack, value.cause] : value,
    );
    expect(logged).not.toMatch(/eyJ/);
    expect(logged).not.toContain(link);
  });
});

describe('an approver who is not bound', () => {
  test('is asked whether both accounts are theirs, and bound when they say so', async () => {
    const browser = visitor();
    const asking = await signIn(browser, ACCOUNTS.release1.sub);
    expect(asking.body).toContain('Are these both you?');
    expect(asking.body).toContain(ACCOUNTS.release1.email);
    expect(signIns.bound).toEqual([]);
    const form = { handle: handleIn(asking), answer: 'mine' };
    const done = await browser.post(`${url}/sign-in/confirm`, form, SAME_ORIGIN);
    expect(done.body).toContain('Your approval of');
    expect(signIns.bound).toMatchObject([{ subject: ACCOUNTS.release1.sub }]);
    expect(signIns.handedIn).toHaveLength(1);
  });

  test('who says no is not bound, and cannot say yes afterwards', async () => {
    const browser = visitor();
    const handle = handleIn(await signIn(browser, ACCOUNTS.release1.sub));
    const no = await browser.post(`${url}/sign-in/confirm`, { handle, answer: 'no' }, SAME_ORIGIN);
    expect(no.body).toContain('Nothing was bound');
    const yes = await browser.post(
      `${url}/sign-in/confirm`,
      { handle, answer: 'mine' },
      SAME_ORIGIN,
    );
    expect(yes.body).toContain('This sign-in was used already');
    expect(signIns.bound).toEqual([]);
  });

  test('is confirmed only by the browser that was asked, and by our own page', async () => {
    const browser = visitor();
    const form = { handle: handleIn(await signIn(browser, ACCOUNTS.release1.sub)), answer: 'mine' };
    const confirm = `${url}/sign-in/confirm`;
    const foreign = await browser.post(confirm, form, { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);
    const stranger = await visitor().post(confirm, form, SAME_ORIGIN);
    expect(stranger.body).toContain('another browser');
    expect(signIns.bound).toEqual([]);
    expect((await browser.post(confirm, form, SAME_ORIGIN)).body).toContain('Your approval of');
  });
});

describe('a press that did not come from our page', () => {
  test.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another origin of ours', { 'sec-fetch-site': 'same-site' }],
    ['typed in', { 'sec-fetch-site': 'none' }],
    ['with another origin', { origin: 'https://evil.example' }],
    ['with a hidden origin', { origin: 'null' }],
    ['that says nothing', {}],
  ])('%s begins nothing', async (_, headers) => {
    const { status, body } = await visitor().post(page(), {}, headers);
    expect(status).toBe(403);
    expect(body).toContain('did not come from our page');
    expect(signIns.done).toEqual([]);
  });

  test('begins where an older browser names our origin', async () => {
    expect((await visitor().post(page(), {}, { origin: url })).status).toBe(200);
    expect(signIns.done).toEqual(['relyOn', 'begin']);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is not offered', async (method) => {
    expect((await fetch(page(), { method })).status).toBe(405);
  });
});

describe('a provider that', () => {
  test('took a new key meanwhile has it recorded before its token counts', async () => {
    // An authority of its own, which has not read the provider's keys yet.
    await using other = await signInWorld();
    const waiting = other.newLink();
    const { sub: subject, email } = ACCOUNTS.release1;
    const binding = { issuer: other.provider.issuer, subject, email };
    waiting.signIns.changes((before) => ({
      ...before,
      approver: { ...before.approver, binding },
    }));
    const browser = visitor();
    const sent = await browser.post(waiting.url, {}, SAME_ORIGIN);
    await other.provider.rotateKeys({ forget: true });
    const back = await pressAccount(browser, await browser.get(onwards(sent)), subject);
    expect(back.body).toContain('Your approval of');
    expect(waiting.signIns.done).toEqual(['relyOn', 'begin', 'relyOn', 'complete']);
    const [before, after] = waiting.signIns.reliedSets();
    expect(after).not.toBe(before);
    expect(waiting.signIns.handedIn[0]?.keys).toBe(after);
  });

  test('takes the code and answers no more approves nothing, and says so', async () => {
    bindTo(ACCOUNTS.release1.sub, ACCOUNTS.release1.email);
    const browser = visitor(`${url}/sign-in/callback`);
    const back = await signIn(browser, ACCOUNTS.release1.sub);
    const released = Promise.withResolvers<void>();
    provider.holdUntil(released.promise);
    const slow = visitor();
    for (const [name, value] of browser.cookies(new URL(url).host))
      slow.cookies(new URL(url).host).set(name, value);
    const { status, body } = await slow.get(back.url);
    released.resolve();
    expect(status).toBe(503);
    expect(body).toContain('The identity provider does not answer');
    expect(signIns.handedIn).toEqual([]);
  });

  test('answers nothing begins nothing, and the page says so', async () => {
    const away = signInRoutes({
      signIns,
      provider: relyingParty({ issuer: 'http://127.0.0.1:1', clientId: 'x', clientSecret: null }),
      signer: signInSigner({
        services: { fulcioUrl: authority.url },
        circuits: signingCircuits(),
        log,
      }),
      sigstore: { fulcioUrl: authority.url, tsaUrl: null, rekorUrl: null, rekorVersion: 1 },
      publicUrl: url,
      now: async () => Date.now(),
      log,
    });
    const headers = { ...SAME_ORIGIN, 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await away(new Request(page(), { method: 'POST', headers }));
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('The identity provider does not answer');
    expect(signIns.done).toEqual([]);
  });
});

function spkiOf(bundle: unknown): Uint8Array {
  const parsed = parseBundle(bundle);
  if ('code' in parsed) throw new Error(parsed.code);
  return parsed.certificate.publicKey;
}
