import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { seriousViolations } from '#test/support/browser/axe';
import { chromiumPath, inBrowser, launchChromium } from '#test/support/browser/chromium';
import { pictureTaker } from '#test/support/browser/picture-taker';
import { DESKTOP, PHONE, slackWindow } from '#test/support/browser/slack-window';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { request } from '#test/support/service/incident';
import { LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { signingCompany, type SigningCompany } from '#test/support/sign-in/company';

vi.setConfig({ testTimeout: 5 * LONGEST_MS, hookTimeout: 3 * LONGEST_MS });

describe.skipIf(chromiumPath === undefined).each([
  ['at a desk', DESKTOP],
  ['on a phone', PHONE],
])(`an approver who signs in %s ${inBrowser}`, (where, device) => {
  let company: SigningCompany;
  let browser: Browser;
  const cleanups: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    company = await signingCompany((cleanup) => void cleanups.unshift(cleanup));
    [browser] = await Promise.all([launchChromium(), company.acme.start(company.settings)]);
  });
  afterAll(async () => {
    await browser?.close();
    for (const cleanup of cleanups) await cleanup();
  });

  const photo = pictureTaker(`sign-in-${where.replaceAll(' ', '-')}`);
  const seen = async (name: string, page: Page): Promise<void> => {
    await photo(name, page);
    expect(await seriousViolations(page)).toEqual([]);
    // Nothing is cut off at the side, and nothing needs scrolling there.
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  };

  /** Presses Approve in the DM, and opens the link that comes. */
  async function openLink(incidentId: string): Promise<Page> {
    const { workspace } = company.acme;
    await request(workspace, `${GATE} checkout staging 15m ${incidentId}`);
    const origin = new URL(workspace.apiUrl).origin;
    const window = await slackWindow(browser, origin, PEOPLE.release1, device);
    await window.openApp();
    await window.press(incidentId, 'Approve');
    const asking = await window.message('sign in at your identity provider');
    const [page] = await Promise.all([
      window.page.context().waitForEvent('page'),
      asking.getByRole('link').last().click(),
    ]);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }

  const heading = (page: Page, name: RegExp | string) =>
    page.getByRole('heading', { level: 1, name }).waitFor();

  const signInAs = async (page: Page, name: string): Promise<void> => {
    await page.getByRole('button', { name: 'Sign in and approve' }).click();
    await heading(page, 'Sign in');
    await page.getByRole('button', { name }).click();
  };

  test('is led from Slack to the provider, and back to an open gate', async () => {
    const page = await openLink('INC-11');
    await heading(page, `Approve a bypass of ${GATE}?`);
    await seen('asked', page);
    await signInAs(page, 'R. Roe');
    await heading(page, 'Are these both you?');
    await seen('both-mine', page);
    await page.getByRole('button', { name: 'These are both mine: approve' }).click();
    await heading(page, 'Approved: the gate is open');
    await seen('approved', page);
    await page.context().close();
  });

  test('who is somebody else there is told so, and gets back', async () => {
    const page = await openLink('INC-12');
    await page.emulateMedia({ colorScheme: 'dark' });
    await seen('asked-dark', page);
    await signInAs(page, 'S. Senior');
    await heading(page, 'That is not the account that is bound to you');
    await seen('other-account-dark', page);
    await page.getByRole('link', { name: 'Back to the request' }).click();
    await heading(page, `Approve a bypass of ${GATE}?`);
    await signInAs(page, 'Cancel');
    await heading(page, 'You did not sign in');
    await seen('gave-up-dark', page);
    await page.getByRole('link', { name: 'Back to the request' }).click();
    await signInAs(page, 'R. Roe');
    await heading(page, 'Approved: the gate is open');
    await page.reload();
    await heading(page, /already/);
    await page.context().close();
  });

  test('leaves a log that verifies', async () => {
    const { acme } = company;
    const file = await exportLog(acme, 'export.jsonl');
    const verified = await verifyExport(acme, file, '--accept-recorded-keys');
    expect(verified.stdout).toContain('VERIFIED');
    expect(verified.code).toBe(0);
  });
});
