import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#ledger/canonical-json';
import { LONGEST_LINE } from '#ledger/export/line-text';
import { readExport } from '#ledger/export/read-export';
import { seal, streamOf, linesOf, testKeys } from '#test/support/replay/sealed-log';
import { entryOf } from '#test/support/replay/test-log';
import { SERVICE } from '#domain/actor';
import { personId } from '#domain/ids';

const WORDS = 'down\u2028see\u2029the\u0085page';
const keys = testKeys();
const enrolled = entryOf(
  {
    type: 'person.enrolled',
    at: 0,
    actor: SERVICE,
    person: personId('amy'),
    source: 'profile',
    detached: { account: 'T1/amy', email: WORDS },
  },
  0,
);
const lines = await linesOf(seal([enrolled], keys), keys);
const AT = lines.findIndex((line) => line.startsWith('{"entry":'));
const written = lines[AT] ?? '';

/** The fault of a line in place of the entry's, or the e-mail that is read of it. */
async function readingOf(line: string): Promise<unknown> {
  for await (const readings of readExport(streamOf(lines.with(AT, line))))
    for (const reading of readings) {
      if (!reading.ok) return `${reading.fault.line} ${reading.fault.code}`;
      if (reading.record.kind === 'entry') return reading.record.entry.openings['email']?.value;
    }
  return undefined;
}

const refused = (code: string): string => `${AT + 1} ${code}`;

describe('a line of an export', () => {
  it('holds no character that any reader takes for the end of a line', () => {
    expect(written).toContain(String.raw`down\u2028see\u2029the\u0085page`);
    // oxlint-disable-next-line no-control-regex
    expect(lines.filter((line) => /[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(line))).toEqual(
      [],
    );
  });

  it('is read with them escaped, and raw as exports made earlier have them', async () => {
    const raw = written
      .replace(String.raw`\u2028`, '\u2028')
      .replace(String.raw`\u2029`, '\u2029')
      .replace(String.raw`\u0085`, '\u0085');
    expect(raw).toContain(WORDS);
    expect(await readingOf(written)).toBe(WORDS);
    expect(await readingOf(raw)).toBe(WORDS);
    expect(await readingOf(written.replace(String.raw`\u2028`, '\u2028'))).toBe(WORDS);
  });

  it.each([
    ['a value shown twice', '"openings":{', '"openings":{"email":{"salt":"","value":"routine"},'],
    ['a member named twice', '"index":0', '"index":1,"index":0'],
    ['a member named twice, once by an escape', '"index":0', String.raw`"\u0069ndex":1,"index":0`],
    ['a space', '"index":0', '"index": 0'],
    ['another spelling of a number', '"index":0', '"index":0.0'],
    ['another spelling of a character', 'down', String.raw`\u0064own`],
    ['a line break escaped otherwise', String.raw`the\u0085page`, String.raw`the\u0085\u0070age`],
  ])('is refused with %s', async (_, part, instead) => {
    expect(written).toContain(part);
    expect(await readingOf(written.replace(part, instead))).toBe(refused('line-not-as-written'));
  });

  it('is refused where its values lie too deep in each other', async () => {
    const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const of = (envelope: string): string => {
      const { entry } = JSON.parse(written) as { entry: Record<string, JsonValue> };
      return JSON.stringify({ entry: { ...entry, envelope: 'here' } }).replace('"here"', envelope);
    };
    expect(await readingOf(of(deep(100)))).toBe(WORDS);
    expect(await readingOf(of(deep(200)))).toBe(refused('line-too-deep'));
    expect(await readingOf(of(deep(300_000)))).toBe(refused('line-too-deep'));
  });

  it('is refused where it is longer than any may be', async () => {
    const long = written.replace('down', 'd'.repeat(LONGEST_LINE));
    expect(await readingOf(long)).toBe(refused('line-too-long'));
  });
});
