import { describe, expect, test } from 'vitest';
import { assertHome, assertMessage, assertView } from '#slack/block-kit/check';
import { LIMITS } from '#slack/block-kit/limits';
import { en } from '#slack/words/words';
import { calledFunctions } from '#test/support/gallery/called-functions';
import { gallery, onShelf, TOPICS } from '#test/support/gallery/gallery';
import { namesIn, overheard } from '#test/support/gallery/heard-words';
import { hostile, long, longest, typical, type Input } from '#test/support/gallery/input';
import type { Shown } from '#test/support/gallery/shown';
import { drawingIn, viewFunctions } from '#test/support/gallery/view-functions';
import { webPages } from '#test/support/gallery/web-pages';
import { validateBlocks, validateView } from '#workspace/workspace';

const DRAWN = ['RenderedMessage', 'ModalView', 'HomeView'];

test('whatever draws a message or a view is called for the gallery', async () => {
  const offered = await viewFunctions('slack', DRAWN);
  expect(offered.length).toBeGreaterThan(15);
  const called = await calledFunctions('/src/slack/', () => void gallery());
  expect(offered.filter((one) => !called.has(one))).toEqual([]);
});

test('whatever draws a page of the web is called for the gallery', async () => {
  const offered = await viewFunctions('http', ['Response']);
  const pages = offered.filter((one) => /-pages?\.ts: /.test(one));
  expect(pages.length).toBeGreaterThan(10);
  const called = await calledFunctions('/src/http/', () => void webPages(typical));
  expect(pages.filter((one) => !called.has(one))).toEqual([]);
});

test.each([
  ['export const shown = (a: Card): RenderedMessage => draw(a);', ['shown']],
  ['export function form(a: Card): ModalView { return draw(a); }', ['form']],
  ['export function home(): HomeView { return draw(); }', ['home']],
  ['const hidden = (a: Card): RenderedMessage => draw(a);', []],
  ['export const count = (a: Card): number => a.length;', []],
])('a view function is found by what it gives: %s', (source, names) => {
  expect(drawingIn(source, DRAWN)).toEqual(names);
});

/** Reached through another entry of the catalogue: views have no need of them by themselves. */
test('every text of the catalogue is said in the gallery, by itself or in another', async () => {
  const heard = new Set<string>();
  const called = await calledFunctions('/src/slack/words/', () => {
    gallery(overheard(en, heard));
  });
  const functions = new Set([...called].map((one) => one.slice(one.indexOf(': ') + 2)));
  const unheard = namesIn(en).filter((name) => !heard.has(name) && !functions.has(name));
  expect(unheard).toEqual([]);
});

/** What Slack would refuse of it, by the workspace's own reading of Slack's documents. */
function problems(shown: Shown): readonly unknown[] {
  switch (shown.kind) {
    case 'message':
      return validateBlocks(assertMessage(shown.message).blocks, 'message');
    case 'answer':
      return shown.text.length > LIMITS.messageText ? ['the text is too long'] : [];
    case 'modal':
      return validateView(assertView(shown.view), 'modal');
    case 'home':
      return validateView({ ...assertHome(shown.view) }, 'home');
  }
}

const INPUTS: Readonly<Record<string, Input>> = { typical, long, longest, hostile };
const MENTIONS =
  /<!(?:channel|here|everyone|subteam)|<@(?!U0DOE00001>)|<#(?!C0SECURITY>)|<https?:[^>]*\|/;

describe.each(Object.entries(INPUTS))('with %s input', (_name, input) => {
  test.each(TOPICS)('%s keeps Slack’s limits, mentions nobody and hides no address', (topic) => {
    for (const [name, shown] of Object.entries(onShelf(topic, en, input))) {
      expect({ name, problems: problems(shown) }).toEqual({ name, problems: [] });
      for (const text of markup(shown))
        expect({ name, text }).not.toEqual({ name, text: expect.stringMatching(MENTIONS) });
    }
  });
});

test.each(Object.entries(INPUTS))(
  'with %s input no page of the web takes what was typed for markup',
  async (_name, input) => {
    const pages = await Promise.all(Object.values(webPages(input)).map((page) => page.text()));
    for (const page of pages) expect(page).not.toMatch(/<!channel|<https|\u202E/);
  },
);

/** Whatever Slack reads as markup. */
function markup(shown: Shown): readonly string[] {
  if (shown.kind === 'answer') return [shown.text];
  const blocks = shown.kind === 'message' ? shown.message.blocks : shown.view.blocks;
  const found: string[] = shown.kind === 'message' ? [shown.message.text] : [];
  JSON.stringify(blocks, (_key, value: unknown) => {
    const text = value as { type?: unknown; text?: unknown } | null;
    if (text?.type === 'mrkdwn' || text?.type === 'markdown') found.push(String(text.text));
    return value;
  });
  return found;
}
