import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPage, type DemoPage } from '#cli/demo/page/page';
import { startDemo, type Demo } from '#cli/demo/start-demo';
import { seriousViolations } from '#test/support/browser/axe';
import { chromiumPath, inBrowser, launchChromium } from '#test/support/browser/chromium';

const LONGEST_MS = 60_000;
const START_MS = 120_000;
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

describe.skipIf(chromiumPath === undefined)(`the page of the demo ${inBrowser}`, () => {
  let demo: Demo;
  let served: DemoPage;
  let browser: Browser;
  let desktop: Page;
  const said: string[] = [];

  beforeAll(async () => {
    demo = await startDemo({ logLevel: 'error' });
    served = await startPage(demo, 0);
    browser = await launchChromium();
    desktop = await visit(DESKTOP);
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await demo?.stop();
  });

  async function visit(viewport: typeof DESKTOP): Promise<Page> {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    page.setDefaultTimeout(LONGEST_MS);
    page.on('pageerror', (error) => said.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && message.location().url.startsWith(served.url))
        said.push(message.text());
    });
    await page.goto(served.url);
    await page.getByRole('heading', { name: 'Gates' }).or(page.locator('iframe')).first().waitFor();
    return page;
  }

  const gate = (page: Page) => page.locator('[data-gate="image-policy checkout production"] .mode');
  const step = (page: Page, title: string) =>
    page.getByLabel('Tour of one incident').getByRole('heading', { name: title }).waitFor();
  const act = (page: Page, name: string) =>
    page.getByLabel('Tour of one incident').getByRole('button', { name }).click();

  test(
    'greets a visitor with the first step, every gate enforcing',
    async () => {
      await step(desktop, 'Production is down');
      expect(await desktop.locator('.mode').allTextContents()).toEqual(Array(4).fill('enforce'));
      expect(await seriousViolations(desktop)).toEqual([]);
    },
    START_MS,
  );

  test(
    'leads to where a step is done, and sees by itself that it was',
    async () => {
      await act(desktop, 'Take me there');
      await desktop.getByRole('button', { name: 'Deploy', exact: true }).click();
      await desktop.getByText('stopped by the gate').waitFor();
      await step(desktop, 'J. Doe asks for a bypass');
      await act(desktop, 'Take me there');
      const composer = desktop.frameLocator('iframe').getByRole('textbox');
      await expect
        .poll(() => composer.first().inputValue(), { timeout: LONGEST_MS })
        .toContain('/breakglass image-policy checkout production');
    },
    START_MS,
  );

  test(
    'plays the incident by the buttons of its tour',
    async () => {
      await act(desktop, 'Type it for me');
      await step(desktop, 'Send the form');
      await act(desktop, 'Send it for me');
      await step(desktop, 'R. Roe approves');
      await act(desktop, 'Approve for me');
      await step(desktop, 'M. Moe approves');
      expect(await gate(desktop).textContent()).toBe('enforce');
      await act(desktop, 'Approve for me');
      await step(desktop, 'Deploy again');
      expect(await gate(desktop).textContent()).toBe('bypass');
      await act(desktop, 'Deploy it for me');
      await desktop.getByText('in flight').waitFor();
      await step(desktop, 'The rollback is out');
      await act(desktop, 'Finish it for me');
      await step(desktop, 'The gate snaps back');
      expect(await seriousViolations(desktop)).toEqual([]);
    },
    START_MS,
  );

  test(
    'has the gate close by itself once the clock is there',
    async () => {
      await act(desktop, 'Move the clock for me');
      await desktop.getByText('moved forward by').waitFor();
      await step(desktop, 'The post-mortem');
      await desktop.getByText(/Enforces again since .* looked at: it enforces/).waitFor();
      await desktop.getByText(/told enforce at .*: stopped/).waitFor();
      expect(await gate(desktop).textContent()).toBe('enforce');
      await act(desktop, 'Complete it for me');
      await step(desktop, 'Verify the log');
    },
    START_MS,
  );

  test(
    'verifies the log, and refuses it once it was tampered with',
    async () => {
      await act(desktop, 'Verify it for me');
      await desktop.getByText('VERIFIED, tail unproven', { exact: true }).waitFor();
      expect(await desktop.getByRole('article').locator('.step').count()).toBe(12);
      await act(desktop, 'Cheat for me');
      await desktop.getByText('REFUSED', { exact: true }).waitFor();
      await step(desktop, 'That was one incident');
      await desktop.getByRole('button', { name: 'Tamper and verify' }).click();
      await desktop.getByRole('menuitem', { name: 'Add a deploy outside its window' }).click();
      await desktop
        .getByText(/lies outside the time of/)
        .first()
        .waitFor();
      expect(await seriousViolations(desktop)).toEqual([]);
    },
    START_MS,
  );

  test(
    'opens an entry of the log to its statement and who signed it',
    async () => {
      await desktop.getByRole('tab', { name: /^Log/ }).click();
      await desktop
        .getByRole('button', { name: /approval.given/ })
        .first()
        .click();
      await desktop.getByText('mmoe@acme.example').waitFor();
      await desktop.getByText('verifies under the pinned trusted root').waitFor();
      await desktop.getByText('https://in-toto.io/Statement/v1').waitFor();
      expect(await seriousViolations(desktop)).toEqual([]);
    },
    START_MS,
  );

  test(
    'shows two people side by side',
    async () => {
      await desktop.getByRole('button', { name: 'Add a window' }).click();
      await desktop.locator('iframe').nth(1).waitFor();
      expect(await desktop.locator('iframe').count()).toBe(2);
      await desktop.reload();
      await desktop.locator('iframe').nth(1).waitFor();
      await desktop
        .getByRole('button', { name: /Close the window/ })
        .last()
        .click();
      expect(await desktop.locator('iframe').count()).toBe(1);
    },
    START_MS,
  );

  test(
    'can be left and started again',
    async () => {
      await desktop.getByRole('button', { name: 'Leave' }).click();
      await desktop.reload();
      await desktop.getByRole('heading', { name: 'Gates' }).waitFor();
      expect(await desktop.getByLabel('Tour of one incident').count()).toBe(0);
      await desktop.getByRole('button', { name: 'Tour', exact: true }).click();
      await act(desktop, 'Start again');
      await step(desktop, 'Production is down');
    },
    START_MS,
  );

  test(
    'fits a phone, one part at a time, the hint of the tour always in sight',
    async () => {
      const phone = await visit(PHONE);
      for (const name of ['Slack', 'Gates', 'Log'] as const) {
        await phone.getByRole('radio', { name: new RegExp(`^${name}`) }).click();
        await step(phone, 'Production is down');
        expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
        expect(await seriousViolations(phone)).toEqual([]);
      }
      await phone.getByRole('radio', { name: 'Gates' }).click();
      await gate(phone).waitFor();
      await phone.getByRole('radio', { name: 'Tour' }).click();
      await phone.getByRole('heading', { name: 'One incident, in three minutes' }).waitFor();
      expect(await seriousViolations(phone)).toEqual([]);
    },
    START_MS,
  );

  test('had nothing go wrong in it', () => {
    expect(said).toEqual([]);
  });
});
