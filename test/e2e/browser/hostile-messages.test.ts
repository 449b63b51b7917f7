/* oxlint-disable unicorn/require-post-message-target-origin -- Slack's chat.postMessage, not a window's */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
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
import { acme, ANA, BEN, BOT_TOKEN, clientOf, GENERAL, plain } from '#test/slack/workspace/acme';
import { chromiumPath, inBrowser, launchChromium } from '#test/support/browser/chromium';

const LONGEST_MS = 40_000;
const BAD = 'javascript:document.title="pwned"';

// A browser on a machine that is busy with others.
vi.setConfig({ testTimeout: 3 * LONGEST_MS, hookTimeout: 3 * LONGEST_MS });

describe.skipIf(chromiumPath === undefined)(inBrowser, () => {
  let browser: Browser;
  let workspace: Workspace;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    workspace = await startWorkspace({ seed: acme() });
  });

  afterEach(async () => {
    await workspace.close();
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  /** Ana's window once the last message is there, and what broke on the way. */
  async function read(): Promise<{ page: Page; broken: string[] }> {
    workspace.as(BEN).say(GENERAL, 'the last one');
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(LONGEST_MS);
    const broken: string[] = [];
    page.on('pageerror', ({ message }) => broken.push(message));
    await page.goto(`${workspace.origin}/client/?as=${ANA}&channel=${GENERAL}`);
    await page.getByRole('article').getByText('the last one').waitFor();
    return { page, broken };
  }

  const post = (...blocks: object[]) =>
    clientOf(workspace).chat.postMessage({ channel: GENERAL, text: 'x', blocks: blocks as never });

  const rich = (...elements: object[]) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements }],
  });

  test('no text that somebody writes keeps the others from being read', async () => {
    const texts = [
      '<!date^1^{__proto__}|x1>',
      '<!date^1^{constructor} {toString}|x2>',
      '<!date^1e307^{ago}|times nobody has>',
      '<!date^-1e20^{date} {time}|x3>',
      ':constructor: :toString: :valueOf: :hasOwnProperty:',
      '<@constructor> <#constructor> <!subteam^constructor> <!constructor> <@__proto__>',
    ];
    for (const text of texts) workspace.as(BEN).say(GENERAL, text);
    await post(
      rich(
        { type: 'date', timestamp: 1e307, format: '{ago}', fallback: 'no such time' },
        { type: 'date', timestamp: 1, format: '{__proto__}', fallback: 'x' },
        { type: 'date', timestamp: {}, format: {} },
        { type: 'emoji', name: 'constructor' },
      ),
    );
    const { page, broken } = await read();
    expect(await page.getByRole('article').count()).toBe(texts.length + 2);
    for (const shown of ['{__proto__}', 'times nobody has', ':constructor:', 'no such time'])
      await page.getByText(shown).first().waitFor();
    expect(await page.getByText('This message cannot be shown.').count()).toBe(0);
    expect(broken).toEqual([]);
  });

  test('a message that cannot be shown says so, and the others stand', async () => {
    await post({ type: 'rich_text', elements: [{ type: 'rich_text_list', elements: 5 }] });
    const { page } = await read();
    await page.getByRole('article').getByText('This message cannot be shown.').waitFor();
    workspace.as(BEN).say(GENERAL, 'still heard');
    await page.getByRole('article').getByText('still heard').waitFor();
  });

  test('no link leads anywhere but to web pages and mail', async () => {
    workspace.as(BEN).say(GENERAL, `<${BAD}|word> <!date^0^{date}^${BAD}|x> <https://a.test|good>`);
    const link = { type: 'link', url: BAD, text: 'link' };
    await post(rich(link));
    await post(rich({ type: 'date', timestamp: 1, format: '{date}', url: BAD }));
    await post({ type: 'markdown', text: `[marked](${BAD}) [mail](mailto:a@b.test)` });
    const button = { type: 'button', action_id: 'b', text: plain('button'), url: BAD };
    await post({ type: 'actions', elements: [button] });
    await post({
      type: 'video',
      title: plain('video'),
      title_url: BAD,
      video_url: BAD,
      thumbnail_url: BAD,
      alt_text: 'none',
    });
    const { page, broken } = await read();
    for (const word of ['word', 'link', 'marked', 'button', 'video'])
      await page.getByRole('article').getByText(word, { exact: true }).click();
    const led = await page.evaluate<string[]>(
      '[...document.querySelectorAll("[href]")].map((one) => one.href)',
    );
    const schemes = new Set(led.map((address) => new URL(address).protocol));
    expect([...schemes].filter((one) => one !== 'data:').toSorted()).toEqual([
      'http:',
      'https:',
      'mailto:',
    ]);
    expect(await page.title()).toBe('#general - Ana Ortiz');
    expect(broken).toEqual([]);
  });

  test('a page of another port neither acts nor ends the workspace', async () => {
    const { host, origin } = new URL(workspace.origin);
    const query = new URLSearchParams({ token: BOT_TOKEN, channel: GENERAL, text: 'x' }).toString();
    const body = `JSON.stringify({ channel: '${GENERAL}', text: 'x' })`;
    const html = `<img src="${origin}/api/chat.postMessage?${query}"><script>
      const ended = (socket) => new Promise((done) => { socket.onclose = done });
      const say = () => fetch('${origin}/driver/as/${ANA}/say',
        { method: 'POST', mode: 'no-cors', body: ${body} }).catch(() => undefined);
      Promise.all([ended(new WebSocket('ws://${host}//')), ended(new WebSocket('ws://${host}/link/')), say()])
        .then(() => { document.title = 'tried' });
    </script>`;
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    });
    server.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const page = await (await browser.newContext()).newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}`);
    await page.waitForFunction('document.title === "tried" && document.images[0].complete');
    expect(workspace.as(ANA).messages(GENERAL)).toEqual([]);
    expect(workspace.calls()).toEqual([]);
    expect((await fetch(`${workspace.origin}/driver/people`)).status).toBe(200);
  });
});
