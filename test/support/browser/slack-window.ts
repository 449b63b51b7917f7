import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

const LONGEST_MS = 60_000;

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

/** One person at one device, looking at the local Slack in a browser, doing all by what they see. */
export interface SlackWindow {
  readonly page: Page;
  /** Sends a line in the channel that is open. */
  send(channel: string, line: string): Promise<void>;
  /** Goes to the direct messages with the app. */
  openApp(): Promise<void>;
  openChannel(name: string): Promise<void>;
  /** The newest message that says this, once there is one. */
  message(saying: string | RegExp): Promise<Locator>;
  /** Presses a button of the newest message that says this. */
  press(saying: string | RegExp, button: string): Promise<void>;
  /** The form on top, by its title, once it is open. */
  form(title: string): Promise<Locator>;
  /** Writes into a field of the form on top. */
  fill(label: string | RegExp, text: string): Promise<void>;
  /** Presses the form's button and waits until it has closed. */
  submit(button: string): Promise<void>;
}

export async function slackWindow(
  browser: Browser,
  origin: string,
  as: string,
  device: BrowserContextOptions,
): Promise<SlackWindow> {
  const context = await browser.newContext(device);
  context.setDefaultTimeout(LONGEST_MS);
  const page = await context.newPage();
  await page.goto(`${origin}/client/?as=${as}`);
  const message = async (saying: string | RegExp) => {
    const found = page.getByRole('article').filter({ hasText: saying }).last();
    await found.waitFor();
    return found;
  };
  // On a narrow screen the list of channels is a screen of its own.
  const list = async (): Promise<Locator> => {
    const back = page.getByRole('button', { name: 'Back', exact: true });
    const bar = page.getByRole('navigation');
    await bar.or(back).first().waitFor();
    if (!(await bar.isVisible())) await back.click();
    await bar.waitFor();
    return bar;
  };
  return {
    page,
    message,
    async openChannel(name) {
      await (await list()).getByRole('button', { name: new RegExp(`^${name}`) }).click();
      await page.getByRole('textbox', { name: `Message #${name}` }).waitFor();
    },
    async openApp() {
      await (await list()).getByRole('button', { name: /^Break-glass/ }).click();
      await page.getByRole('tab', { name: 'Messages' }).click();
    },
    async send(channel, line) {
      const box = page.getByRole('textbox', { name: `Message #${channel}` });
      await box.fill(line);
      await box.press('Enter');
    },
    async press(saying, button) {
      await (await message(saying)).getByRole('button', { name: button }).click();
    },
    async form(title) {
      const dialog = page.getByRole('dialog', { name: title });
      await dialog.waitFor();
      return dialog;
    },
    async fill(label, text) {
      await page.getByRole('dialog').getByRole('textbox', { name: label }).fill(text);
    },
    async submit(button) {
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: button, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    },
  };
}
