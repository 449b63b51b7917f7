import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startPage } from '#cli/demo/page/page';
import { PEOPLE } from '#cli/demo/company';
import { startDemo, type Demo } from '#cli/demo/start-demo';
import { launchChromium } from './chromium.ts';
import { PHONE, slackWindow } from './slack-window.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/images');
const DESK = { width: 1440, height: 900 };
const LONGEST_MS = 60_000;

/** The demo as it runs: one incident from the gate that stops a deploy to the log that refuses a cheat. */
export async function takeTour(): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  await mkdir(FOLDER, { recursive: true });
  const demo = await startDemo({ logLevel: 'error' });
  cleanup.defer(() => demo.stop());
  const served = await startPage(demo, 0);
  cleanup.defer(() => served.close());
  const browser = await launchChromium();
  cleanup.defer(() => browser.close());
  await takeAll(browser, demo, served.url);
}

async function takeAll(from: Browser, demo: Demo, url: string): Promise<void> {
  const page = await from.newPage({ viewport: DESK, colorScheme: 'light' });
  page.setDefaultTimeout(LONGEST_MS);
  await page.goto(url);
  const tour = page.getByLabel('Tour of one incident');
  const step = async (act: string, next: string): Promise<void> => {
    await tour.getByRole('button', { name: act }).click();
    await tour.getByRole('heading', { name: next }).waitFor();
  };

  await step('Deploy it for me', 'J. Doe asks for a bypass');
  await step('Type it for me', 'Send the form');
  await page.frameLocator('iframe').getByRole('dialog').getByText('asked at once').waitFor();
  await take(page, 'form');
  await step('Send it for me', 'R. Roe approves');
  await takeOnPhone(from, demo);
  await step('Approve for me', 'M. Moe approves');
  await step('Approve for me', 'Deploy again');
  await step('Deploy it for me', 'The rollback is out');
  await slackAs(page, PEOPLE.onCall.id, 'C0INCIDENT', 'is in bypass');
  await take(page, 'demo');
  await step('Finish it for me', 'The gate snaps back');
  await tour.getByRole('button', { name: 'Move the clock for me' }).click();
  await tour.getByRole('heading', { name: 'The post-mortem' }).waitFor();
  await slackAs(page, PEOPLE.onCall.id, 'C0INCIDENT', 'looked at: it enforces');
  await take(page, 'closed');
  await step('Complete it for me', 'Verify the log');
  await step('Verify it for me', 'Tamper and verify');
  await step('Cheat for me', 'That was one incident');
  await page.getByText('REFUSED').first().waitFor();
  await take(page, 'refused');
}

async function takeOnPhone(from: Browser, demo: Demo): Promise<void> {
  const approver = await slackWindow(from, demo.workspace.origin, PEOPLE.release1.id, PHONE);
  await approver.openApp();
  const asked = await approver.message('Bypass asked');
  await asked.getByRole('button', { name: 'Approve' }).waitFor();
  // What is asked stands at its beginning; a phone shows it with the buttons, and without the receipt.
  await approver.page.evaluate("[...document.querySelectorAll('article')].at(-1).scrollIntoView()");
  await take(approver.page, 'approve-on-a-phone');
  await approver.page.context().close();
}

/** Leads the page's own window to what a person sees there, as its tour does. */
async function slackAs(page: Page, as: string, channel: string, saying: string): Promise<void> {
  const show = JSON.stringify({ type: 'workspace:show', as, channel });
  await page.evaluate(`document.querySelector('iframe').contentWindow.postMessage(${show}, '*')`);
  await page.frameLocator('iframe').getByRole('article').filter({ hasText: saying }).waitFor();
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  process.stdout.write(`docs/images/${name}.png\n`);
}
