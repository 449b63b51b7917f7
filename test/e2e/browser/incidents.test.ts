import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { OUTSIDERS, PEOPLE } from '#cli/demo/company';
import { startDemo, type Demo } from '#cli/demo/start-demo';
import { REASONS } from '#slack/words/modal';
import { chromiumPath, inBrowser, launchChromium } from '#test/support/browser/chromium';
import { pictureTaker } from '#test/support/browser/picture-taker';
import { DESKTOP, PHONE, slackWindow, type SlackWindow } from '#test/support/browser/slack-window';
import { approve, ask, incidentsSay, pressOnCard, type Cast } from '#test/support/browser/stories';

const LONGEST_MS = 180_000;
vi.setConfig({ testTimeout: LONGEST_MS, hookTimeout: LONGEST_MS });

const ALL = { ...PEOPLE, ...OUTSIDERS };
const DENY = { title: REASONS.denyTitle, label: REASONS.denyLabel, submit: REASONS.denySubmit };
const REVOKE = {
  title: REASONS.revokeTitle,
  label: REASONS.revokeLabel,
  submit: REASONS.revokeSubmit,
};
const EXTEND = {
  title: REASONS.extendTitle,
  label: REASONS.extendLabel,
  submit: REASONS.extendSubmit,
};

describe.skipIf(chromiumPath === undefined).each([
  ['at a desk', DESKTOP],
  ['on phones', PHONE],
])(`an incident played %s ${inBrowser}`, (where, device) => {
  /** What shows nothing on a phone that the others do not show there. */
  const atDesk = (name: string, play: () => Promise<void>): void => {
    if (device === DESKTOP) test(name, play);
  };
  let demo: Demo;
  let browser: Browser;
  let cast: Cast;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo({ logLevel: 'error' }), launchChromium()]);
    cast = castOf(demo, browser, device, where.replaceAll(' ', '-'));
  });

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  test('low: one peer approves', async () => {
    const why = 'The staging image is unsigned.';
    await ask(cast, { command: 'image-policy checkout staging 15m INC-1', why });
    await approve(cast, 'engineer', why);
    const card = await incidentsSay(cast, 'onCall', /is in bypass for checkout in staging/);
    expect(card).toContain('Approved by E. Engineer');
  });

  test('high: two of the release group approve, and a bystander is refused', async () => {
    const why = 'Checkout is down, the rollback image is unsigned.';
    await ask(cast, { command: 'image-policy checkout production 15m INC-2', why });
    await approve(cast, 'release1', why);
    await approve(cast, 'release2', why);
    const open = /is in bypass for checkout in production/;
    const before = cardAlone(await incidentsSay(cast, 'bystander', open));
    await pressOnCard(cast, 'bystander', open, 'Revoke…', REVOKE, 'I think this should stop.');
    const told = await (await cast.as('bystander')).message('Only visible to you');
    expect(await told.innerText()).toContain('The bypass was not revoked.');
    await cast.seen('refused', await cast.as('bystander'));
    expect(cardAlone(await incidentsSay(cast, 'bystander', open))).toBe(before);
  });

  atDesk('an extension is asked, and approved by as many', async () => {
    const open = /is in bypass for checkout in production/;
    const why = 'The fix needs a second deploy.';
    await pressOnCard(cast, 'onCall', open, 'Extend…', EXTEND, why);
    await approve(cast, 'release1', why);
    await approve(cast, 'release2', why);
    const card = await incidentsSay(cast, 'onCall', /Bypass active.*needs a second deploy/s);
    expect(card).toContain('It extends a bypass that stands');
    expect(card).toContain('Approved by R. Roe and M. Moe');
  });

  atDesk('a revocation shuts the gate at once', async () => {
    const open = /is in bypass for checkout in staging/;
    await pressOnCard(cast, 'engineer', open, 'Revoke…', REVOKE, 'The rollback made it worse.');
    const card = await incidentsSay(cast, 'onCall', /enforces again \(revoked/);
    expect(card).toContain('The rollback made it worse.');
  });

  atDesk('production database: the named senior approves', async () => {
    const why = 'The ledger is locked by a failed migration.';
    await ask(cast, { command: 'migration-review ledger-db production 15m INC-3', why });
    await approve(cast, 'senior', why);
    const card = await incidentsSay(cast, 'onCall', /is in bypass for ledger-db in production/);
    expect(card).toContain('Approved by S. Senior');
  });

  test('a denial ends the request, with its reason', async () => {
    const why = 'I would rather not wait for the pipeline.';
    await ask(cast, { command: 'image-policy checkout staging 1h INC-4', why });
    const engineer = await cast.as('engineer');
    await engineer.openApp();
    await engineer.press(why, 'Deny…');
    await engineer.form(DENY.title);
    await engineer.fill(DENY.label, 'Use the rollback pipeline.');
    await engineer.submit(DENY.submit);
    const card = await incidentsSay(cast, 'onCall', /Use the rollback pipeline/);
    expect(card).toContain('E. Engineer');
  });

  atDesk('a drill is marked everywhere, and opens nothing', async () => {
    const why = 'Trying it out before we need it.';
    await ask(cast, { command: 'drill image-policy checkout staging 15m', why });
    await approve(cast, 'engineer', why);
    const card = await incidentsSay(cast, 'onCall', /In this drill gate image-policy would be in/);
    expect(card).toContain('no gate opens, whatever is pressed');
  });
});

/** Without what a client writes above it, which depends on the messages before. */
const cardAlone = (text: string): string => text.slice(text.indexOf('Bypass active'));

/** Everybody at the same kind of device, each in one window that stays open. */
function castOf(
  { workspace }: Demo,
  browser: Browser,
  device: BrowserContextOptions,
  where: string,
): Cast {
  const windows = new Map<string, Promise<SlackWindow>>();
  const seen = pictureTaker(where);
  return {
    seen: (name, { page }) => seen(name, page),
    as(person) {
      const { id } = ALL[person];
      const window = windows.get(id) ?? slackWindow(browser, workspace.origin, id, device);
      windows.set(id, window);
      return window;
    },
  };
}
