import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { Shelf, Shown } from '#test/support/gallery/shown';
import type { Shot } from './contact-sheet.ts';
import { CHANNEL, galleryWorkspace, READER, type GalleryWorkspace } from './gallery-workspace.ts';

/** Tall enough for whatever is shown to stand on it whole. */
const TALL_PX = 6_000;
/** Lower than any modal. */
const LOW_PX = 200;
const DESK: BrowserContextOptions = { viewport: { width: 1280, height: TALL_PX } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: TALL_PX },
  hasTouch: true,
  isMobile: true,
};
export const DEVICES = { desk: DESK, phone: PHONE } as const;
export type Device = keyof typeof DEVICES;

/** Everything on a shelf as a person sees it at this device, in the page of the workspace. */
export async function takeShots(
  browser: Browser,
  device: Device,
  shown: Shelf,
): Promise<readonly Shot[]> {
  await using gallery = await galleryWorkspace();
  // The page's content security policy would keep us from waiting for what happens in it.
  const seen = { ...DEVICES[device], colorScheme: 'light', bypassCSP: true } as const;
  const context = await browser.newContext(seen);
  const page = await context.newPage();
  const shots: Shot[] = [];
  for (const [name, one] of Object.entries(shown))
    shots.push({ name, png: await take(page, gallery, one) });
  await context.close();
  return shots;
}

async function take(page: Page, gallery: GalleryWorkspace, shown: Shown): Promise<Buffer> {
  await standAt(page, gallery, shown.kind === 'home' ? 'home' : CHANNEL);
  const messages = page.getByRole('article');
  const before = await messages.count();
  await gallery.show(shown);
  if (shown.kind === 'modal') return takeModal(page, gallery, shown);
  if (shown.kind === 'home') return takeHome(page);
  const message = messages.nth(before);
  await message.waitFor();
  return still(message);
}

/** Goes there, unless the page is there already. */
async function standAt(page: Page, { workspace }: GalleryWorkspace, place: string): Promise<void> {
  const address = `${workspace.origin}/client/?as=${READER}&channel=${place}`;
  if (page.url() === address) return;
  await page.goto(address);
  await page.getByRole('main').waitFor();
}

async function takeModal(
  page: Page,
  gallery: GalleryWorkspace,
  { view, errors }: Extract<Shown, { kind: 'modal' }>,
): Promise<Buffer> {
  const dialog = page.getByRole('dialog', { name: view.title.text });
  await dialog.waitFor();
  if (errors !== undefined) {
    await dialog.getByRole('button', { name: view.submit?.text ?? '', exact: true }).click();
    await dialog.getByText(Object.values(errors)[0] ?? '').waitFor();
  }
  await setHeight(page, LOW_PX);
  await setHeight(page, await wholeHeight(page));
  const png = await still(dialog);
  await setHeight(page, TALL_PX);
  await gallery.closeModal();
  await dialog.waitFor({ state: 'detached' });
  return png;
}

/** The page lays its modals out anew once it heard of its new height. */
async function setHeight(page: Page, height: number): Promise<void> {
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 0, height });
  await page.waitForFunction(
    `document.querySelector('[role=dialog]').closest('.overlay').clientHeight === ${height}`,
  );
}

/** What a low screen leaves to be scrolled, and the screen. */
const wholeHeight = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `${LOW_PX} + Math.max(...[...document.querySelectorAll('[role=dialog] *')].map(
      (one) => one.scrollHeight - one.clientHeight))`,
  );

/** Looked at anew: it replaces the one before in the same place. */
async function takeHome(page: Page): Promise<Buffer> {
  await page.reload();
  const home = page.getByRole('tabpanel').locator('.blocks').first();
  await home.waitFor();
  return still(home);
}

const still = (element: Locator): Promise<Buffer> =>
  element.screenshot({ animations: 'disabled', caret: 'hide' });
