import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '@slack/bolt';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import {
  acme,
  ANA,
  BEN,
  boltOverSockets,
  GENERAL,
  GONE,
  INCIDENTS,
} from '#test/slack/workspace/acme';
import { seriousViolations } from '#test/support/browser/axe';
import { chromiumPath, inBrowser, launchChromium } from '#test/support/browser/chromium';
import { teach } from '#test/support/browser/fake-app';

const LONGEST_MS = 40_000;
const GUEST = 'U0GUEST001';
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

// A browser on a machine that is busy with others.
vi.setConfig({ testTimeout: 3 * LONGEST_MS, hookTimeout: 3 * LONGEST_MS });

describe.skipIf(chromiumPath === undefined)(inBrowser, () => {
  let browser: Browser;
  let workspace: Workspace;
  let app: App;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    const seed = acme({ events: ['app_home_opened'] });
    const commandHints = { '/breakglass': { description: 'Ask', usageHint: '[service]' } };
    workspace = await startWorkspace({ seed, commandHints });
    app = boltOverSockets(workspace);
    teach(app);
    await app.start();
  });

  afterEach(async () => {
    await app.stop();
    await workspace.close();
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  async function open(search: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(LONGEST_MS);
    const page = await context.newPage();
    await page.goto(`${workspace.origin}/client/?${search}`);
    await page.getByRole('navigation').or(page.getByRole('main')).first().waitFor();
    return page;
  }

  async function send(page: Page, text: string, to = '#incidents'): Promise<void> {
    const box = page.getByRole('textbox', { name: `Message ${to}` });
    await box.fill(text);
    await box.press('Enter');
  }

  async function ask(page: Page, why: string): Promise<void> {
    await send(page, '/breakglass');
    const modal = page.getByRole('dialog', { name: 'Break glass' });
    await modal.getByRole('button', { name: /Service/ }).click();
    await page.getByRole('option', { name: 'checkout' }).click();
    await modal.getByRole('textbox', { name: 'Why' }).fill(why);
    await modal.getByRole('button', { name: 'Request' }).click();
    await modal.waitFor({ state: 'detached' });
  }

  const field = (page: Page, name: string) =>
    page.getByRole('dialog').getByRole('textbox', { name });

  test('a command is offered, opens a form, and errors come back to their fields', async () => {
    const page = await open(`as=${ANA}&channel=${INCIDENTS}`);
    const box = page.getByRole('textbox', { name: 'Message #incidents' });
    await box.fill('/br');
    const offered = page.getByRole('option', { name: /\/breakglass/ });
    expect(await offered.innerText()).toContain('[service]');
    await box.press('Tab');
    expect(await box.inputValue()).toBe('/breakglass ');
    await box.press('Enter');
    const modal = page.getByRole('dialog', { name: 'Break glass' });
    await modal.getByRole('button', { name: 'Request' }).click();
    await modal.getByText('Please complete this required field.').nth(1).waitFor();
    expect(await field(page, 'Why').getAttribute('aria-invalid')).toBe('true');
    // The first field with an error has the focus.
    expect(await page.locator('[data-invalid] :focus').innerText()).toBe('Choose');
    await field(page, 'Why').fill('just because');
    await modal.getByRole('button', { name: /Service/ }).click();
    await page.getByRole('option', { name: 'ledger' }).click();
    await modal.getByRole('button', { name: 'Request' }).click();
    await modal.getByText('Say what is broken.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await field(page, 'Why').fill('ledger is down');
    await modal.getByRole('button', { name: 'Request' }).click();
    await page.getByRole('article').getByText('Your request is out.').waitFor();
    await page.getByText('Only visible to you').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('what is being typed stays when the app changes the form around it', async () => {
    const page = await open(`as=${ANA}&channel=${INCIDENTS}`);
    await send(page, '/breakglass');
    await field(page, 'Why').fill('checkout is');
    const modal = page.getByRole('dialog');
    await modal.getByRole('button', { name: /Service/ }).click();
    await page.getByRole('option', { name: 'checkout' }).click();
    await modal.getByText('checkout asks two people').waitFor();
    expect(await field(page, 'Why').inputValue()).toBe('checkout is');
    await field(page, 'Why').pressSequentially(' down');
    await modal.getByRole('button', { name: /Tell/ }).click();
    await page.getByRole('option', { name: 'Ben Okafor' }).click();
    await page.keyboard.press('Escape');
    await modal.getByRole('button', { name: 'Request' }).click();
    await page.getByText(/asks: checkout is down/).waitFor();
    const sent = workspace.deliveries().findLast(({ envelope }) => envelope.kind === 'interactive');
    expect(sent?.envelope.payload).toMatchObject({
      view: { state: { values: { tell: { tell: { selected_users: [BEN] } } } } },
    });
  });

  test('a card is decided in a direct message, and changes where it stands', async () => {
    await ask(await open(`as=${ANA}&channel=${INCIDENTS}`), 'checkout is down');
    const page = await open(`as=${BEN}&channel=${GENERAL}`, { timezoneId: 'Asia/Tokyo' });
    const direct = page
      .getByRole('navigation')
      .getByRole('button', { name: 'Break Glass 1 unread' });
    await direct.click();
    // The reader's zone is their own in the workspace, whatever the browser's is.
    await page.getByText('2026-09-21 2:13 PM').waitFor();
    await page.getByRole('radio', { name: '1 hour' }).check({ force: true });
    await page.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Approve?' });
    await dialog.getByRole('button', { name: 'No' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(workspace.calls('chat.update')).toEqual([]);
    await page.getByRole('button', { name: 'Approve' }).click();
    await dialog.getByRole('button', { name: 'Yes' }).click();
    await page.getByText('for 1 hour').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await page
      .getByRole('navigation')
      .getByRole('button', { name: 'Break Glass', exact: true })
      .waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  test('a press that the app does not take is said under the message', async () => {
    await ask(await open(`as=${ANA}&channel=${INCIDENTS}`), 'checkout is down');
    const page = await open(`as=${BEN}&channel=${INCIDENTS}`);
    await page.getByRole('button', { name: 'Unheard' }).click();
    await page.getByRole('progressbar', { name: 'Waiting for the app' }).waitFor();
    await page
      .getByRole('alert')
      .getByText('This app responded with an error. Try again?')
      .waitFor();
  });

  test('modals stack, and closing shows the one below', async () => {
    await ask(await open(`as=${ANA}&channel=${INCIDENTS}`), 'checkout is down');
    const page = await open(`as=${BEN}&channel=${INCIDENTS}`);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('button', { name: 'See the policy' }).click();
    const top = page.getByRole('dialog', { name: 'Policy' });
    await top.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('dialog', { name: 'Deny' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(workspace.as(BEN).openView()).toBeUndefined();
  });

  test('a thread opens at the side, and is answered there', async () => {
    const page = await open(`as=${ANA}&channel=${INCIDENTS}`);
    await ask(page, 'checkout is down');
    await page.getByRole('button', { name: /1 reply/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Ben was asked.').waitFor();
    await thread.getByRole('textbox', { name: 'Reply…' }).fill('thanks & <bye>');
    await page.keyboard.press('Enter');
    await thread.getByText('thanks & <bye>').waitFor();
    await page.getByRole('button', { name: /2 replies/ }).waitFor();
    const said = workspace.as(BEN).messages(INCIDENTS).at(-1);
    expect(said).toMatchObject({ user: ANA, text: 'thanks &amp; &lt;bye&gt;' });
    expect(said?.thread_ts).toBeDefined();
    expect(await seriousViolations(page)).toEqual([]);
  });

  test('a command that fails is told by Slackbot, alone to who typed it', async () => {
    const page = await open(`as=${ANA}&channel=${INCIDENTS}`);
    await app.stop();
    await send(page, '/breakglass help');
    const told = page.getByRole('article', { name: 'Message from Slackbot' });
    await told.getByText('/breakglass failed with the error "dispatch_failed"').waitFor();
    await told.getByText('Only visible to you').waitFor();
    await send(page, '/nonsense');
    await page.getByText('/nonsense is not a valid command.').waitFor();
  });

  test('shortcuts are offered where one writes, and on a message', async () => {
    workspace.as(BEN).say(INCIDENTS, 'checkout burns');
    const page = await open(`as=${ANA}&channel=${INCIDENTS}`);
    const article = page.getByRole('article', { name: 'Message from Ben Okafor' });
    await article.getByRole('button', { name: 'More actions on this message' }).click();
    // Nobody listens for this one.
    await page.getByRole('menuitem', { name: 'Break glass here' }).click();
    await article.getByText('This app responded with an error. Try again?').waitFor();
    await page.getByRole('button', { name: 'Shortcuts' }).click();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Break glass', exact: true }).click();
    await page.getByRole('dialog', { name: 'Break glass' }).waitFor();
  });

  test('a guest sees one channel; the switcher leads to others, not to those who left', async () => {
    const page = await open(`as=${GUEST}`);
    const bar = page.getByRole('navigation');
    await bar.getByRole('button', { name: 'general' }).waitFor();
    expect(await bar.getByRole('button', { name: 'incidents' }).count()).toBe(0);
    await bar.getByRole('button', { name: /You are A Guest/ }).click();
    const gone = page.getByRole('menuitemradio', { name: 'Somebody Gone' });
    expect(await gone.getAttribute('aria-disabled')).toBe('true');
    expect(await gone.innerText()).toContain('deactivated');
    await page.getByRole('menuitemradio', { name: 'Ben Okafor' }).click();
    await bar.getByRole('button', { name: /You are Ben Okafor/ }).waitFor();
    await bar.getByRole('button', { name: 'incidents' }).waitFor();
    expect(new URL(page.url()).searchParams.get('as')).toBe(BEN);
    const former = await open(`as=${GONE}`);
    await former.getByText('This account has been deactivated').waitFor();
  });

  test('the app has a Home tab, and the address keeps the place', async () => {
    const page = await open(`as=${ANA}&channel=home`);
    await page.getByText('Nothing is open.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('navigation').getByRole('button', { name: 'incidents' }).click();
    await page.getByRole('textbox', { name: 'Message #incidents' }).fill('half a');
    await page.waitForURL(/channel=C0INCIDENT&compose=half\+a/);
    await page.reload();
    const box = page.getByRole('textbox', { name: 'Message #incidents' });
    await box.waitFor();
    expect(await box.inputValue()).toBe('half a');
    await page.getByRole('navigation').getByRole('button', { name: 'general' }).click();
    const elsewhere = page.getByRole('textbox', { name: 'Message #general' });
    await elsewhere.waitFor();
    expect(await elsewhere.inputValue()).toBe('');
    await page.getByRole('navigation').getByRole('button', { name: 'incidents' }).click();
    await box.waitFor();
    expect(await box.inputValue()).toBe('half a');
  });

  test('somebody is written to directly, and finds what is new marked', async () => {
    const page = await open(`as=${ANA}&channel=${GENERAL}`);
    await page.getByRole('button', { name: 'New message' }).click();
    await page.getByRole('menuitem', { name: 'Ben Okafor' }).click();
    await send(page, 'can you look, @ben?', 'Ben Okafor');
    const said = page.getByRole('article', { name: 'Message from Ana Ortiz' });
    await said.getByText('@Ben Okafor').waitFor();
    const other = await open(`as=${BEN}&channel=${GENERAL}`);
    await other.getByRole('button', { name: 'Ana Ortiz 1 unread' }).click();
    await other.getByRole('listitem').getByText('New', { exact: true }).waitFor();
    await other.getByRole('button', { name: 'Ana Ortiz', exact: true }).waitFor();
  });

  test('an embedding page leads it, and hears where it is', async () => {
    const inside = `${workspace.origin}/client/?as=${ANA}&channel=${GENERAL}`;
    const page = await embedding(browser, inside);
    const inner = page.frameLocator('iframe');
    await inner.getByRole('textbox', { name: 'Message #general' }).waitFor();
    const show = { type: 'workspace:show', as: BEN, channel: INCIDENTS, compose: '/breakglass' };
    await page.evaluate(
      `document.querySelector('iframe').contentWindow.postMessage(${JSON.stringify(show)}, '*')`,
    );
    const box = inner.getByRole('textbox', { name: 'Message #incidents' });
    await box.waitFor();
    expect(await box.inputValue()).toBe('/breakglass');
    const heard = await page.evaluate<unknown[]>('heard');
    expect(heard).toEqual([
      { type: 'workspace:at', as: ANA, channel: GENERAL },
      { type: 'workspace:at', as: BEN, channel: INCIDENTS },
    ]);
  });

  test('what somebody else says is announced', async () => {
    const page = await open(`as=${ANA}&channel=${GENERAL}`);
    await page.getByRole('textbox', { name: 'Message #general' }).waitFor();
    workspace.as(BEN).say(GENERAL, 'before');
    await page.getByText('before', { exact: true }).waitFor();
    workspace.as(BEN).say(GENERAL, 'the gate is shut');
    await page.locator('[aria-live=polite]', { hasText: 'Ben Okafor: the gate is shut' }).waitFor();
  });

  test('on a phone the list comes first, a form fills the screen, and buttons can be hit', async () => {
    const page = await open(`as=${ANA}`, PHONE);
    expect(await page.getByRole('main').count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'incidents' }).tap();
    await page.getByRole('main').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await ask(page, 'checkout is down');
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    for (const name of ['Approve', 'Deny', 'Back', 'Send'])
      expect(await heightOf(page, name), name).toBeGreaterThanOrEqual(44);
    expect(await seriousViolations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.getByRole('button', { name: 'Deny' }).tap();
    const modal = await page.getByRole('dialog', { name: 'Deny' }).boundingBox();
    expect(modal).toMatchObject({ width: 390, height: 844 });
    const submit = page.getByRole('dialog').getByRole('button', { name: 'Deny' });
    expect((await submit.boundingBox())?.y).toBeGreaterThan(740);
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Back' }).tap();
    await page.getByRole('navigation').waitFor();
  });

  test('dark screens can be read too', async () => {
    const page = await open(`as=${ANA}&channel=${INCIDENTS}`, { colorScheme: 'dark' });
    await ask(page, 'checkout is down');
    await page.getByRole('article').getByText('Your request is out.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await send(page, '/breakglass');
    await page.getByRole('dialog').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });
});

async function heightOf(page: Page, name: string): Promise<number> {
  const box = await page.getByRole('button', { name, exact: true }).boundingBox();
  return box?.height ?? 0;
}

/** A page of this machine, at another port, with the client in a frame; it keeps what it hears. */
async function embedding(browser: Browser, address: string): Promise<Page> {
  const html = `<script>
    heard = [];
    addEventListener('message', ({ data }) => heard.push(data));
  </script>
  <iframe src="${address}" width="1000" height="600"></iframe>`;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return page;
}
