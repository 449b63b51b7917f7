import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { looseWords } from './loose-words.ts';

const slack = join(import.meta.dirname, '../../src/slack');

/** What renders, listens and sends. What is said stands in `words`, which a translation replaces. */
const SPEAKING = ['cards', 'forms', 'listeners', 'publish'];

it.each(SPEAKING)(
  'what people read stands in the catalogue of words, and not in %s',
  async (room) => {
    const files = await readdir(join(slack, room));
    expect(files.length).toBeGreaterThan(5);
    const loose: string[] = [];
    for (const file of files) {
      const source = await readFile(join(slack, room, file), 'utf8');
      loose.push(...looseWords(source).map((text) => `${room}/${file}: ${text}`));
    }
    expect(loose).toEqual([]);
  },
);

it.each([
  ["sentence('Nothing waits for you.')", 'Nothing waits for you.'],
  ['sentence(`Approved by ${name}.`)', 'Approved by '],
  ['const by = `${gate}, asked by ${name}`', ', asked by '],
  ["button({ text: 'Approve' })", 'Approve'],
  ["const at = isDue ? 'is due now' : 'later'", 'is due now'],
])('a loose text is seen: %s', (source, text) => {
  expect(looseWords(source)).toEqual([text]);
});

it.each([
  "log.warn({ err }, 'a press was not stored')",
  "this.#log.error('a card could not be edited')",
  "throw new TypeError('nobody is asked here')",
  "import { sentence } from '../block-kit/blocks.ts'",
  "type Phase = 'Waiting for approval'",
  "const id = row('decide', [{ type: 'static_select', action_id: 'bypass_ttl' }])",
  'const key = `${list}.${reference}.own`',
])('what nobody reads in Slack is none: %s', (source) => {
  expect(looseWords(source)).toEqual([]);
});
