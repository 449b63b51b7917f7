import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where a Chromium stands on this machine, `CHROMIUM_PATH` first; undefined where there is none. */
export const chromiumPath: string | undefined = [
  process.env['CHROMIUM_PATH'] ?? '',
  ...PLACES,
].find((path) => path !== '' && existsSync(path));

/** Why tests in a browser were skipped, for the name of their suite. */
export const inBrowser =
  chromiumPath === undefined
    ? 'in a browser (skipped: no Chromium here; install one or set CHROMIUM_PATH)'
    : 'in a browser';

/** A browser without network of its own and without a sandbox, which root has none of. */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}
