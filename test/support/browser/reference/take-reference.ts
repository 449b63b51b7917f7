import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
import { contactSheet } from './contact-sheet.ts';
import { SHEETS, type Sheet } from './sheets.ts';
import { DEVICES, type Device } from './take-shots.ts';

const FOLDER = join(import.meta.dirname, '../../../../docs/images/reference');

/**
 * Takes the pictures of everything that the product shows, a sheet a topic and device.
 *
 * @param names of the sheets that are wanted; all unless given.
 */
export async function takeReference(names: readonly string[]): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const browser = await launchChromium(['--disable-font-subpixel-positioning']);
  try {
    for (const [name, sheet] of Object.entries(SHEETS))
      if (names.length === 0 || names.includes(name)) await takeSheet(browser, name, sheet);
  } finally {
    await browser.close();
  }
}

async function takeSheet(browser: Browser, name: string, sheet: Sheet): Promise<void> {
  for (const device of Object.keys(DEVICES) as Device[]) {
    const shots = await sheet.take(browser, device);
    const png = await contactSheet(browser, shots, `${sheet.title} (${device})`);
    await writeFile(join(FOLDER, `${name}-${device}.png`), png);
    process.stdout.write(`docs/images/reference/${name}-${device}.png ${png.length} bytes\n`);
  }
}
