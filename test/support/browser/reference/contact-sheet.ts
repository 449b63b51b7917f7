import type { Browser } from 'playwright-core';
import { indexedPng } from './indexed-png.ts';

/** One picture with what stands over it. */
export interface Shot {
  readonly name: string;
  readonly png: Buffer;
}

const GAP_PX = 24;
const FRAME_PX = 10;
/** About as wide as a screen shows at once. */
const WIDE_PX = 2_160;

/** Many pictures on one, none made smaller, in columns that are about as long as each other. */
export async function contactSheet(
  browser: Browser,
  shots: readonly Shot[],
  title: string,
): Promise<Buffer> {
  const columnPx = Math.max(...shots.map(({ png }) => widthOf(png))) + 2 * FRAME_PX + 2;
  const columns = Math.min(shots.length, Math.floor(WIDE_PX / (columnPx + GAP_PX)));
  const width = columns * (columnPx + GAP_PX) + GAP_PX;
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: 'light' });
  const figures = shots.map(
    ({ name, png }) =>
      `<figure><figcaption>${escaped(name)}</figcaption><img alt="" src="data:image/png;base64,${png.toString('base64')}"></figure>`,
  );
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>
    * { box-sizing: border-box; }
    body { margin: 0; padding: ${GAP_PX}px; background: #dadae2; color: #1b1b1f; font: 15px/1.35 sans-serif; }
    h1 { margin: 0 0 ${GAP_PX}px; font-size: 22px; }
    main { columns: ${columns}; column-gap: ${GAP_PX}px; }
    figure { margin: 0 0 ${GAP_PX}px; break-inside: avoid; }
    figcaption { margin-bottom: 4px; color: #3d3d47; font-weight: 600; }
    img { display: block; padding: ${FRAME_PX}px; border: 1px solid #c9c9d2; border-radius: 6px; background: #fff; }
  </style><h1>${escaped(title)}</h1><main>${figures.join('')}</main>`);
  const png = await page.screenshot({ fullPage: true });
  await page.close();
  return indexedPng(png);
}

/** From the header of a PNG. */
const widthOf = (png: Buffer): number => png.readUInt32BE(16);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
