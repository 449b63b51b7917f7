import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personId } from '#domain/ids';
import { SERVICE } from '#domain/actor';
import { seriousViolations } from '#test/support/browser/axe';
import { chromiumPath, inBrowser, launchChromium } from '#test/support/browser/chromium';
import { sealForReal, startBase } from '#test/support/corpus/base';
import { SIGN_INS } from '#test/support/corpus/cheats/sign-ins';
import { auditCommand } from '#test/support/corpus/command';
import { exportOf, writtenLines } from '#test/support/corpus/export';
import { entryOf } from '#test/support/replay/test-log';

const base = await startBase();
afterAll(() => base[Symbol.asyncDispose]());

const FILE = 'report.html';
const HOSTILE = '</title><script>alert(1)</script><img src=x onerror=alert(1)>"\'&\u202Egnp.exe';

async function pageOf(lines: readonly string[]): Promise<string> {
  const { written } = await auditCommand(base, lines, { html: FILE });
  return written.get(FILE) ?? '';
}

/** A log in which somebody typed what would be markup. */
async function hostileLines(): Promise<readonly string[]> {
  const index = base.indexOf('request.opened', 'drill');
  const entries = base.history.entries.map((entry, place) => {
    if (place !== index || entry.event.type !== 'request.opened') return entry;
    const detached = { justification: HOSTILE, incident: HOSTILE };
    return entryOf({ ...entry.event, detached }, place, entry.followsFrom);
  });
  const more = entryOf(
    {
      type: 'person.enrolled',
      at: base.history.now,
      actor: SERVICE,
      person: personId(HOSTILE),
      source: 'policy',
      detached: { account: HOSTILE, email: HOSTILE },
    },
    entries.length,
  );
  const sealed = await sealForReal([...entries, more], base.keys, base.signer);
  return writtenLines(exportOf(sealed, base.keys));
}

const [honest, hostile, refused] = await Promise.all([
  writtenLines(base.export).then(pageOf),
  hostileLines().then(pageOf),
  Promise.resolve(SIGN_INS[0]?.apply(base) ?? base.export)
    .then(writtenLines)
    .then(pageOf),
]);

describe('the HTML report', () => {
  it('tells verdict, modes, steps, bypasses and pins, the verdict first', () => {
    const ids = ['modes', 'steps', 'bypasses', 'pins'].map((id) => `<h2 id="${id}"`);
    const told = ['</span> VERIFIED', ...ids];
    const places = told.map((one) => honest.indexOf(one));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(honest).toContain('EVALUATION');
    expect(honest).toContain('only this is beyond the service&#39;s reach');
  });

  it('tells who asked, who approved, when the gate was open, what passed and how it closed', () => {
    for (const told of [
      'Asked for 15 min, tier low: “first is down”',
      'Approved for 15 min, provisional',
      'The approval in entry 24 attested late',
      'Approved for 15 min, attested, after a sign-in',
      'Signed in at https://id.example.com for this approval (breakglass-own-key)',
      'Gate open until 2026-03-02 02:18:06 UTC; approved by ben@example.com',
      'Deploy d2#1 of web staging passed, on verified facts',
      'Revoked; the gate enforces from 2026-03-02 02:04:12 UTC',
      'Drill: ',
    ])
      expect(honest.replaceAll(/\s+/g, ' ')).toContain(told);
  });

  it('names pins by what is public of them', () => {
    const [key] = base.signer.provider.pinned;
    expect(honest).toContain(key?.thumbprint);
    expect(honest).toContain(base.keys.keyId);
    expect(honest).toMatch(/Trusted root \(SHA-256 of the file\)[^]*[0-9a-f]{64}/);
  });

  it('tells findings where they are, and what they mean', () => {
    expect(refused).toContain('REFUSED');
    expect(refused).toContain('id-token-signature');
    expect(refused).toContain('it is not the provider’s');
    expect(refused.indexOf('REFUSED')).toBeLessThan(refused.indexOf('id-token-signature'));
  });

  it.each([
    ['an honest log', honest],
    ['a log with hostile texts', hostile],
    ['a log that is refused', refused],
  ])('of %s runs nothing and fetches nothing', (_, page) => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<(?:script|img|link|iframe|object|form)\b/i);
    expect(page).not.toMatch(/<[^>]*\s(?:src|srcset|action|on\w+)=/i);
    expect(page.match(/href="(?!#)/g)).toBeNull();
    expect(page).not.toMatch(/url\(|@import/);
  });

  it('shows hostile texts as they are, and turns no text around', () => {
    expect(hostile).toContain('&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(hostile).not.toContain('\u202E');
    expect(hostile).toContain('\uFFFDgnp.exe');
  });

  it('exits with 2 where it cannot be written, and says so', async () => {
    const lines = await writtenLines(base.export);
    const { words, code } = await auditCommand(base, lines, { html: 'no-such-folder/report.html' });
    expect(words).toContain(
      'The HTML report cannot be written (ENOENT): no-such-folder/report.html',
    );
    expect(code).toBe(2);
  });

  it('is written beside what is printed', async () => {
    const { words, code } = await auditCommand(base, await writtenLines(base.export), {
      html: FILE,
    });
    expect(words).toContain('VERIFIED');
    expect(code).toBe(0);
  });
});

describe.skipIf(chromiumPath === undefined)(`the HTML report ${inBrowser}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it.each([
    ['a desktop', 1280, 'light'],
    ['a phone', 360, 'light'],
    ['a phone in the dark', 360, 'dark'],
  ] as const)('is readable on %s', async (_, width, colorScheme) => {
    for (const html of [honest, hostile, refused]) {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      await page.setContent(html);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await seriousViolations(page)).toEqual([]);
      await page.close();
    }
  });
});
