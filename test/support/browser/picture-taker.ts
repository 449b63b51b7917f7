import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/**
 * Saves what is on the screen as `NN-where-name.png`, counted up, below the folder that `PICTURES`
 * names; without it nothing is saved.
 */
export function pictureTaker(where: string): (name: string, page: Page) => Promise<void> {
  const folder = process.env['PICTURES'];
  let taken = 0;
  return async (name, page) => {
    if (folder === undefined || folder === '') return;
    await mkdir(folder, { recursive: true });
    taken += 1;
    const file = `${where}-${String(taken).padStart(2, '0')}-${name}.png`;
    await page.screenshot({ path: join(folder, file) });
  };
}
