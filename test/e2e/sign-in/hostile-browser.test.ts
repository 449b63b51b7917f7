import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isSameBrowser, newBrowserCookie } from '#http/sign-in/browser-cookie';
import { visitor, type Visitor } from '#test/support/oidc/browse';
import { ACCOUNTS } from '#test/support/oidc/people';
import { pressAccount } from '#test/support/oidc/sign-in-by-fetch';
import { handleIn, onwards, SAME_ORIGIN, signInOn } from '#test/support/sign-in/in-browser';
import {
  signInWorld,
  type SignInWorld,
  type WaitingLink,
} from '#test/support/sign-in/sign-in-world';

vi.setConfig({ testTimeout: 120_000 });

let world: SignInWorld;
let waiting: WaitingLink;
beforeAll(async () => {
  world = await signInWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  waiting = world.newLink();
});

/** Signs in as somebody whose account is not bound yet; gives the page of the provider's answer. */
const signIn = (browser: Visitor) => signInOn(browser, waiting.url, ACCOUNTS.release1.sub);

describe('whoever has only what the provider’s log has', () => {
  test('does not learn the link from the answer’s address', async () => {
    const back = await signIn(visitor(`${world.origin}/sign-in/callback`));
    const { body } = await visitor().get(back.url);
    expect(body).toContain('You came back in another browser');
    expect(body).not.toContain(waiting.link);
  });

  test('does not learn the link from the question whether the account is theirs', async () => {
    const form = { handle: handleIn(await signIn(visitor())), answer: 'mine' };
    expect(form.handle).not.toBe('');
    const { body } = await visitor().post(`${world.origin}/sign-in/confirm`, form, SAME_ORIGIN);
    expect(body).toContain('You came back in another browser');
    expect(body).not.toContain(waiting.link);
  });
});

describe('whoever begins a sign-in and sends its address to the approver', () => {
  test('gets no approval of it, and the log says that somebody came back elsewhere', async () => {
    const { sub: subject, email } = ACCOUNTS.release1;
    const binding = { issuer: world.provider.issuer, subject, email };
    waiting.signIns.changes((before) => ({
      ...before,
      approver: { ...before.approver, binding },
    }));
    const [thief, approver] = [visitor(), visitor()];
    const address = onwards(await thief.post(waiting.url, {}, SAME_ORIGIN));
    const { body } = await pressAccount(approver, await approver.get(address), subject);
    expect(body).toContain('You came back in another browser');
    expect(waiting.signIns.handedIn).toEqual([]);
    expect(waiting.log.lines.flat()).toContain('a sign-in came back in another browser');
    // The thief knows the state, and has no code to go with it.
    const state = new URL(address).searchParams.get('state') ?? '';
    const callback = `${world.origin}/sign-in/callback?state=${state}&code=guessed`;
    expect((await thief.get(callback)).body).toContain('Nothing was approved');
    expect(waiting.signIns.handedIn).toEqual([]);
  });
});

describe('the cookie of a sign-in', () => {
  const site = 'https://breakglass.example/below';
  const sent = (...headers: readonly string[]): Request => {
    const cookie = headers.map((header) => header.split(';')[0]).join('; ');
    return new Request(site, { headers: { cookie } });
  };

  test('is one that no other host of the domain can set (RFC 6265bis §4.1.3.2)', () => {
    const { header } = newBrowserCookie(site);
    expect(header).toMatch(/^__Host-/);
    expect(header).toContain('; Path=/;');
    expect(header).toMatch(/; Secure$/);
    expect(header).not.toMatch(/domain=/i);
  });

  test('stands beside that of another sign-in in the same browser', () => {
    const [one, two] = [newBrowserCookie(site), newBrowserCookie(site)];
    const both = sent(one.header, two.header);
    expect(one.header.split('=')[0]).not.toBe(two.header.split('=')[0]);
    expect(isSameBrowser(both, site, one.hash)).toBe(true);
    expect(isSameBrowser(both, site, two.hash)).toBe(true);
    expect(isSameBrowser(sent(two.header), site, one.hash)).toBe(false);
    expect(isSameBrowser(sent(), site, one.hash)).toBe(false);
  });

  test('counts under its own name alone', () => {
    const { header, hash } = newBrowserCookie(site);
    const renamed = header.replace(/^[^=]+/, 'breakglass-sign-in');
    expect(isSameBrowser(sent(renamed), site, hash)).toBe(false);
  });
});
