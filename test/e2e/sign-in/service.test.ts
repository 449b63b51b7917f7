import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { readStatement } from '#ledger/read-statement';
import { visitor } from '#test/support/oidc/browse';
import { ACCOUNTS } from '#test/support/oidc/people';
import { signInAt } from '#test/support/oidc/sign-in-by-fetch';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { spawnBreakglass, type BreakglassProcess } from '#test/support/service/breakglass-process';
import { askGate, type Deploy } from '#test/support/service/ci-job';
import { request } from '#test/support/service/incident';
import { LONGEST_MS } from '#test/support/service/installation';
import { pageReceiver, type PageReceiver } from '#test/support/service/page-receiver';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { linkSentTo, signingCompany, type SigningCompany } from '#test/support/sign-in/company';
import { confirmOn, onwards, SAME_ORIGIN, signInOn } from '#test/support/sign-in/in-browser';

vi.setConfig({ testTimeout: 5 * LONGEST_MS, hookTimeout: 3 * LONGEST_MS });

let company: SigningCompany;
let service: BreakglassProcess;
let pages: PageReceiver;
let token: string;
const cleanups: (() => Promise<void>)[] = [];
beforeAll(async () => {
  company = await signingCompany((cleanup) => void cleanups.unshift(cleanup));
  pages = await pageReceiver();
  cleanups.push(() => pages.close());
  service = await company.acme.start({ ...company.settings, ...pages.settings });
  token = await company.acme.token(GATE);
});
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

let runs = 0;
const ask = (): ReturnType<typeof askGate> => {
  const deploy: Deploy = {
    gate: GATE,
    service: 'checkout',
    environment: 'staging',
    run: `run-${(runs += 1)}`,
  };
  return askGate(company.acme.url, token, deploy);
};

/** The events of the log, oldest first, as an auditor reads them. */
async function eventsOf(file: string): Promise<readonly Record<string, unknown>[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.flatMap((line) => {
    const { entry } = JSON.parse(line) as { entry?: { statement: string } };
    const read = entry && readStatement(Buffer.from(entry.statement, 'base64'));
    return read?.ok === true ? [{ ...read.value.event }] : [];
  });
}

test('a provider that cannot be reached is told at the start, and only sign-ins depend on it', async () => {
  const { acme } = await signingCompany(onTestFinished);
  const away = { ...company.settings, SIGN_IN_ISSUER: 'http://127.0.0.1:1' };
  const process = await acme.start(away);
  const line = await process.logged(({ msg }) => msg?.startsWith('nobody can sign in') === true);
  expect(line).toMatchObject({ level: 50, code: 'provider-unavailable' });
  expect((await fetch(`${acme.url}/readyz`)).status).toBe(200);
});

describe('where a tier demands a sign-in', () => {
  const links: string[] = [];
  const pageLinks: string[] = [];

  test('pressing Approve opens nothing: a link is sent, and what is wrong with it refused', async () => {
    const { workspace } = company.acme;
    const incident = await request(workspace, `${GATE} checkout staging 15m INC-1`);
    expect(await incident.approve(PEOPLE.release1)).toBe(true);
    const link = await linkSentTo(workspace, PEOPLE.release1);
    links.push(link);
    expect(await ask()).toMatchObject({ decision: 'enforce' });

    const page = await visitor().get(link);
    expect(page.body).toContain('R. Roe');
    expect(page.body).toContain('15 minutes');
    const foreign = await visitor().post(link, {}, { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);

    // The account has another address than the one that the policy states for R. Roe.
    const another = await signInOn(visitor(), link, ACCOUNTS.senior.sub);
    expect(another.body).toContain('That is another address');
    const unverified = await signInOn(visitor(), link, ACCOUNTS.unverified.sub);
    expect(unverified.body).toContain('Your address is not verified');
    company.provider.editTokens((claims) => ({
      ...claims,
      auth_time: Number(claims['iat']) - 3_600,
    }));
    const old = await signInOn(visitor(), link, ACCOUNTS.release1.sub);
    expect(old.body).toContain('You were signed in already');
    company.provider.editTokens(null);
    expect(await ask()).toMatchObject({ decision: 'enforce' });
  });

  test('their own sign-in, confirmed once, opens the gate', async () => {
    const [link = ''] = links;
    const browser = visitor();
    const asking = await signInOn(browser, link, ACCOUNTS.release1.sub);
    expect(asking.body).toContain('Are these both you?');
    const done = await confirmOn(browser, link, asking);
    expect(done.body).toContain('Approved: the gate is open');
    expect(await ask()).toMatchObject({ decision: 'bypass' });
    const again = await visitor().get(link);
    expect(again.body).toContain('You have approved this already');
    expect((await visitor().post(link, {}, SAME_ORIGIN)).status).toBe(410);
  });

  test('the next time they are asked nothing more, and may use a key of their own', async () => {
    const { workspace, url } = company.acme;
    const incident = await request(workspace, `${GATE} checkout staging 15m INC-2`);
    expect(await incident.approve(PEOPLE.release1)).toBe(true);
    const link = await linkSentTo(workspace, PEOPLE.release1, links);
    const { trustedRoot } = await company.acme.pins();
    const args = ['--yes', '--no-browser', '--trusted-root', trustedRoot];
    const child = spawnBreakglass(['approve', link, ...args], {});
    const printed = await vi.waitFor(
      () => {
        const found = /^ {2}(http:\S+\/auth\?\S+)$/m.exec(child.output())?.[1];
        if (found === undefined && child.isRunning()) throw new Error('nothing was printed yet');
        return found;
      },
      { timeout: LONGEST_MS },
    );
    await signInAt(visitor(), printed ?? '', ACCOUNTS.release1.sub);
    const { code, stdout, stderr } = await child.ended;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('Approved.');
    expect(link.startsWith(url)).toBe(true);
    links.push(link);
  });

  test('while Slack is away, the link in a page leads the same way', async () => {
    const { workspace } = company.acme;
    const known = pages.received().length;
    await request(workspace, `${GATE} checkout staging 1h INC-3`);
    const asked = await vi.waitFor(
      () => {
        const page = pages
          .received()
          .slice(known)
          .find(({ kind }) => kind === 'asked');
        if (typeof page?.link !== 'string') throw new Error('nobody was paged yet');
        return page.link;
      },
      { timeout: LONGEST_MS },
    );
    pageLinks.push(asked);
    const away = workspace.script({
      method: '*',
      times: 1e6,
      answer: { kind: 'http', status: 503 },
    });
    onTestFinished(() => away.cancel());
    for (let look = 0; look < 5; look += 1) {
      const shown = await visitor().get(asked);
      expect(shown.body).toContain(`A bypass of ${GATE} waits for approval`);
      expect(shown.body).not.toContain('Checkout is down');
    }
    const stranger = await signInOn(visitor(), asked, ACCOUNTS.senior.sub);
    expect(stranger.body).toContain('This account is bound to nobody');
    // Whom the provider does not let in, because their account was taken away there.
    const gone = await signInOn(visitor(), asked, '');
    expect(gone.body).toContain('You did not sign in');
    const foreign = await visitor().post(asked, {}, { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);

    const browser = visitor();
    const deciding = await signInOn(browser, asked, ACCOUNTS.release1.sub);
    for (const words of ['Checkout is down', 'You signed in as', '1 hour', 'Why not'])
      expect(deciding.body).toContain(words);
    const elsewhere = await visitor().get(deciding.url);
    expect(elsewhere.body).toContain('You came back in another browser');
    const at = new URL(deciding.url).searchParams.get('at') ?? '';
    const form = { at, decision: 'approve', ttl: String(15 * 60_000) };
    const here = new URL('/decide/request', asked).href;
    expect((await browser.post(here, form, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    await browser.post(here, form, SAME_ORIGIN);
    const signing = await vi.waitFor(
      async () => {
        const page = await browser.get(deciding.url);
        if (!page.body.includes('One more sign-in')) throw new Error(page.body);
        return new URL(onwards(page), page.url).href;
      },
      { timeout: LONGEST_MS },
    );
    links.push(signing);
    const done = await signInOn(browser, signing, ACCOUNTS.release1.sub);
    expect(done.body).toContain('Approved: the gate is open');
    expect((await visitor().get(asked)).body).toContain('was approved');
    expect((await browser.get(deciding.url)).body).toContain('Your decision counts');
  });

  test('an auditor verifies all, each by its mode', async () => {
    const { acme, provider } = company;
    const file = await exportLog(acme, 'export.jsonl');
    const events = await eventsOf(file);
    const modes = events.filter((one) => one['type'] === 'sign-in.recorded');
    expect(modes.map((one) => one['mode'])).toEqual(['sso', 'own-key', 'sso']);
    expect(events.filter((one) => one['type'] === 'person.bound')).toHaveLength(1);
    const client = `${provider.issuer}=${provider.nativeClient.id}`;
    const pins = ['--own-key-client', client, '--accept-recorded-keys'];
    const verified = await verifyExport(acme, file, ...pins);
    expect(verified.stderr).toBe('');
    expect(verified.stdout).toContain('VERIFIED');
    expect(verified.code).toBe(0);
  });

  test('no token and no link stands in the service’s log', async () => {
    const secret = company.settings['SIGN_IN_CLIENT_SECRET'] ?? '';
    const said = service.output();
    expect(said).toContain('a sign-in at the identity provider came to nothing');
    for (const hidden of [
      secret,
      'eyJ',
      ...[...links, ...pageLinks].map((link) => link.slice(-43)),
    ])
      expect(said).not.toContain(hidden);
  });
});
