import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { refuseSignIn } from '#application/ports/sign-in-refusal';
import { approvalLink } from '#cli/approve/approval-link';
import { approve } from '#cli/approve/approve';
import { readPins, type Pins } from '#cli/approve/places';
import { canonicalJson, parseCanonicalJson } from '#ledger/canonical-json';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { visitor } from '#test/support/oidc/browse';
import { ACCOUNTS } from '#test/support/oidc/people';
import { signInAt } from '#test/support/oidc/sign-in-by-fetch';
import { spawnBreakglass, type Ended } from '#test/support/service/breakglass-process';
import { onwards, SAME_ORIGIN } from '#test/support/sign-in/in-browser';
import {
  signInWorld,
  type SignInWorld,
  type WaitingLink,
} from '#test/support/sign-in/sign-in-world';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let world: SignInWorld;
beforeAll(async () => {
  world = await signInWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

let waiting: WaitingLink;
beforeEach(() => {
  waiting = world.newLink();
  bindTo(ACCOUNTS.release1.sub, ACCOUNTS.release1.email);
});
afterEach(() => world.provider.editTokens(null));

function bindTo(subject: string, email: string): void {
  const binding = { issuer: world.provider.issuer, subject, email };
  waiting.signIns.changes((before) => ({ ...before, approver: { ...before.approver, binding } }));
}

/** Runs the command as a process without a terminal; `sub` signs in at the address that it prints. */
async function run(args: readonly string[], sub: string | null): Promise<Ended> {
  const child = spawnBreakglass(['approve', waiting.url, '--no-browser', ...args], {});
  const stop = new AbortController();
  const signsIn = (async () => {
    const url = await printedUrl(() => child.output(), stop.signal);
    if (sub !== null && url !== null) await signInAt(visitor(), url, sub);
  })();
  const ended = await child.ended;
  stop.abort();
  await signsIn;
  return ended;
}

interface Said {
  readonly lines: readonly string[];
  /** What it was refused with. */
  readonly refused: unknown;
}

/** The same without a process; `sub` is who signs in in the browser that opens. */
async function approveAs(
  sub: string,
  { pins = {}, says = () => true }: { pins?: Pins; says?: (about: string) => boolean } = {},
): Promise<Said> {
  const lines: string[] = [];
  const browsers: Promise<unknown>[] = [];
  try {
    await approve(new URL(waiting.url), pins, {
      say: (line) => void lines.push(line),
      confirms: async (_, about) => says(about),
      openBrowser: (url) => void browsers.push(signInAt(visitor(), url, sub)),
    });
    return { lines, refused: null };
  } catch (error) {
    return { lines, refused: error };
  } finally {
    await Promise.all(browsers);
  }
}

async function printedUrl(output: () => string, signal: AbortSignal): Promise<string | null> {
  while (!signal.aborted) {
    const url = /^ {2}(http:\/\/127\.0\.0\.1:\d+\/auth\?\S+)$/m.exec(output())?.[1];
    if (url !== undefined) return url;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

describe('breakglass approve', () => {
  test('shows what it signs, signs it with a key of its own, and hands it in', async () => {
    const pinned = ['--yes', '--trusted-root', world.trustedRootFile];
    const { code, stdout, stderr } = await run(pinned, ACCOUNTS.release1.sub);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { digest, statement } = waiting.prepared;
    for (const words of ['image-policy', 'checkout in production', '1 h', digest, 'J. Doe'])
      expect(stdout).toContain(words);
    expect(stdout).toContain('Receipt');
    const [given] = waiting.signIns.handedIn;
    expect(given?.signIn).toMatchObject({
      client: world.provider.nativeClient.id,
      subject: ACCOUNTS.release1.sub,
    });
    expect(
      createBundleVerifier(world.authority.trustedRoot)(given?.bundle, statement),
    ).toMatchObject({ verified: true, identity: { value: ACCOUNTS.release1.email } });
    expect(waiting.signIns.done).toEqual(['relyOn', 'complete']);
  });

  test('asks nobody where nobody is, does nothing then, and obeys no control of a text', async () => {
    waiting.signIns.changes((before) => ({
      ...before,
      card: { ...before.card, justification: '\u001b[2J\u202Eevil' },
    }));
    const { code, stdout, stderr } = await run([], null);
    expect(code).toBe(2);
    expect(stderr).toContain('--yes');
    expect(stdout).toContain('\uFFFD[2J\uFFFDevil');
    expect(stdout).not.toContain('\u001b');
    expect(waiting.signIns.done).toEqual([]);
  });

  test('ends with 1 and the reason when the service refuses', async () => {
    waiting.signIns.completes(() => refuseSignIn({ code: 'statement-moved' }));
    const { code, stderr } = await run(['--yes'], ACCOUNTS.release1.sub);
    expect(code).toBe(1);
    expect(stderr).toContain('The request has changed.');
    expect(stderr).toContain('Nothing was approved.');
  });

  test('binds an account only when told that it is the person’s own', async () => {
    waiting = world.newLink();
    const no = await approveAs(ACCOUNTS.release1.sub, { says: (about) => about === 'approval' });
    expect(no.refused).toMatchObject({ code: 'declined' });
    expect(waiting.signIns.bound).toEqual([]);
    const yes = await approveAs(ACCOUNTS.release1.sub);
    expect(yes.refused).toBeNull();
    expect(yes.lines.join('\n')).toContain(ACCOUNTS.release1.email);
    expect(waiting.signIns.bound).toMatchObject([{ subject: ACCOUNTS.release1.sub }]);
  });
});

describe('it refuses', () => {
  test('a signature that the service does not take, and binds nobody by it', async () => {
    waiting = world.newLink();
    waiting.signIns.completes(() => refuseSignIn({ code: 'nonce-differs' }));
    const { refused } = await approveAs(ACCOUNTS.release1.sub);
    expect(refused).not.toBeNull();
    expect(waiting.signIns.bound).toEqual([]);
  });

  test('what the person declines, before anybody signs in', async () => {
    const { refused } = await approveAs(ACCOUNTS.release1.sub, { says: () => false });
    expect(refused).toMatchObject({ code: 'declined' });
    expect(waiting.signIns.done).toEqual([]);
  });

  test('somebody else’s account, before anything is signed', async () => {
    const { refused } = await approveAs(ACCOUNTS.senior.sub);
    expect(refused).toMatchObject({ code: 'sign-in-failed' });
    expect(String(refused)).toContain(`must be ${ACCOUNTS.release1.email}`);
    expect(waiting.signIns.handedIn).toEqual([]);
  });

  test('a sign-in that was given up', async () => {
    const { refused } = await approveAs('');
    expect(String(refused)).toContain('You did not sign in');
  });

  test('a sign-in from before, with no token in what it says', async () => {
    world.provider.editTokens((claims) => ({ ...claims, auth_time: Number(claims['iat']) - 3600 }));
    const { refused } = await approveAs(ACCOUNTS.release1.sub);
    expect(String(refused)).toContain('did not ask you to sign in anew');
    expect(inspect(refused, { depth: 9 })).not.toContain('eyJ');
  });

  test('another provider than the pinned one', async () => {
    const file = join(world.trustedRootFile, '..', 'pins.yaml');
    await writeFile(file, 'issuer: http://127.0.0.1:1\nclient: mine\n');
    const pins = await readPins(file, {});
    const { lines, refused } = await approveAs(ACCOUNTS.release1.sub, { pins });
    expect(lines.join('\n')).toContain('http://127.0.0.1:1 (pinned by you)');
    expect(String(refused)).toContain('The identity provider does not answer');
  });

  test('what does not verify under the pinned root', async () => {
    await using other = await signInWorld();
    const pins = { trustedRoot: other.trustedRootFile };
    const { refused } = await approveAs(ACCOUNTS.release1.sub, { pins });
    expect(String(refused)).toContain('does not verify under your trusted root');
    expect(waiting.signIns.handedIn).toEqual([]);
  });

  test('a pinned root that is none, before anybody signs in', async () => {
    const file = join(world.trustedRootFile, '..', 'no-root.json');
    await writeFile(file, '{}');
    const { refused } = await approveAs(ACCOUNTS.release1.sub, { pins: { trustedRoot: file } });
    expect(String(refused)).toContain('is no Sigstore trusted root');
    expect(waiting.signIns.done).toEqual([]);
  });

  test.each([
    ['that is no approval', { type: 'request.denied' }],
    ['that no sign-in is asked for', { steppedUp: false }],
    ['in the name of another', { approver: 'mMoe' }],
  ])('a statement %s', async (_, change) => {
    const value = parseCanonicalJson(waiting.prepared.statement) as {
      predicate: { event: Record<string, never> };
    };
    Object.assign(value.predicate.event, change);
    waiting.signIns.changes((before) => ({ ...before, statement: canonicalJson(value) }));
    const { refused } = await approveAs(ACCOUNTS.release1.sub);
    expect(refused).toMatchObject({ code: 'statement-refused' });
    expect(waiting.signIns.done).toEqual([]);
  });

  test.each([
    'http://breakglass.example/sign-in/' + 'a'.repeat(43),
    'https://breakglass.example/sign-in/x',
    'https://breakglass.example/other',
    'nonsense',
  ])('%s, which is no link', (link) => {
    expect(() => approvalLink(link)).toThrow('That is no link to an approval');
  });
});

describe('the service refuses', () => {
  const post = (path: string, body: unknown, type = 'application/json') =>
    fetch(`${waiting.url}/${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  test.each([
    ['a form', 'bundle=x', 'application/x-www-form-urlencoded'],
    ['text', '{}', 'text/plain'],
    ['half of it', { idToken: 'x' }, 'application/json'],
    ['more than it', { idToken: 'x', bundle: {}, more: 1 }, 'application/json'],
    ['too much', { idToken: 'x', bundle: { filler: 'x'.repeat(200_000) } }, 'application/json'],
  ])('%s', async (_, body, type) => {
    expect((await post('approval', body, type)).status).toBe(400);
    expect(waiting.signIns.handedIn).toEqual([]);
  });

  test('a token of the client whose key the service holds', async () => {
    const { idToken } = await webToken();
    const answer = await post('approval', { idToken, bundle: {} });
    expect(await answer.json()).toMatchObject({ code: 'token-audience' });
    expect(waiting.signIns.handedIn).toEqual([]);
  });

  test('to give the approval out where own keys are not offered', async () => {
    waiting.signIns.changes((before) => ({
      ...before,
      provider: { ...before.provider, ownKeyClient: null },
    }));
    const answer = await fetch(`${waiting.url}/approval`);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'own-key-not-offered' });
  });

  /** A token as the pages get it: signed in by the web client for this statement. */
  async function webToken(): Promise<{ readonly idToken: string }> {
    const browser = visitor();
    const url = onwards(await browser.post(waiting.url, {}, SAME_ORIGIN));
    // Taken where the pages would hand it in, and used here instead.
    waiting.signIns.completes(() => refuseSignIn({ code: 'keys-not-witnessed' }));
    await signInAt(browser, url, ACCOUNTS.release1.sub);
    const [given] = waiting.signIns.handedIn.splice(0);
    if (given === undefined) throw new Error('nobody signed in');
    return given;
  }
});
