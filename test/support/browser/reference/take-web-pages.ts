import type { Browser } from 'playwright-core';
import { stylesheet } from '#http/sign-in/style';
import type { Shot } from './contact-sheet.ts';
import { DEVICES, type Device } from './take-shots.ts';

const ADDRESS = 'http://pages.example/sign-in/page';
/** A page that goes on by itself would be gone before it is looked at. */
const GOES_ON = /<meta http-equiv="refresh"[^>]*>/;

/** Pages of the web as a browser shows them at this device. */
export async function takeWebPages(
  browser: Browser,
  device: Device,
  pages: Readonly<Record<string, Response>>,
): Promise<readonly Shot[]> {
  const css = await stylesheet().text();
  const context = await browser.newContext({ ...DEVICES[device], colorScheme: 'light' });
  const page = await context.newPage();
  const shots: Shot[] = [];
  for (const [name, answered] of Object.entries(pages)) {
    const body = (await answered.text()).replace(GOES_ON, '');
    await page.route('**', (route) =>
      route.request().url() === ADDRESS
        ? route.fulfill({ contentType: 'text/html; charset=utf-8', body })
        : route.fulfill({ contentType: 'text/css; charset=utf-8', body: css }),
    );
    await page.goto(ADDRESS);
    shots.push({ name, png: await page.getByRole('main').screenshot() });
    await page.unrouteAll();
  }
  await context.close();
  return shots;
}
