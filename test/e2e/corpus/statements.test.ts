import { afterAll, describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue } from '#ledger/canonical-json';
import { EVENT_SHAPES } from '#ledger/event-shapes';
import type { ExportedEntry } from '#ledger/export/format';
import type { RecordedEvent } from '#ledger/recorded-event';
import { startBase } from '#test/support/corpus/base';
import { expectFirst } from '#test/support/corpus/cheat';
import { entryAt, jsonOf, withEntry, writtenLines } from '#test/support/corpus/export';
import { jsonEdits, type JsonEdit } from '#test/support/corpus/json-edits';
import { tally } from '#test/support/corpus/tally';
import { auditorOf, type Verdict } from '#test/support/corpus/verdict';

const base = await startBase();
const audit = auditorOf(base);
const count = tally('statements edited');
afterAll(async () => {
  count.print();
  await base[Symbol.asyncDispose]();
});

const editsOf = (index: number): readonly JsonEdit[] =>
  jsonEdits(jsonOf(entryAt(base.export, index).statement));

const edited = (edit: JsonEdit): Uint8Array => canonicalJson(edit.apply());

/** The statement is changed in the envelope too, so that only the signature can tell. */
function forged(index: number, statement: Uint8Array): Partial<ExportedEntry> {
  const payload = Buffer.from(statement).toString('base64');
  const { envelope } = entryAt(base.export, index);
  const members = envelope as Readonly<Record<string, JsonValue>>;
  const dsse = members['dsseEnvelope'] as Readonly<Record<string, JsonValue>> | undefined;
  return dsse === undefined
    ? { statement, envelope: { ...members, payload } }
    : { statement, envelope: { ...members, dsseEnvelope: { ...dsse, payload } } };
}

describe('every field of every statement', { timeout: 120_000 }, () => {
  it('is held by the envelope: changed, removed or added, its entry is refused', async () => {
    const edits = base.export.entries.map((_, index) => editsOf(index));
    // A floor, so that a walk that sees less is noticed.
    expect(edits.flat().length).toBeGreaterThan(4000);
    const rounds = Math.max(...edits.map((list) => list.length));
    for (let round = 0; round < rounds; round += 1) {
      // One edit in each entry at a time: an envelope holds the bytes of its own entry alone.
      const entries = base.export.entries.map((entry, index) => {
        const edit = edits[index]?.[round];
        return edit === undefined ? entry : { ...entry, statement: edited(edit) };
      });
      const { report } = await audit(await writtenLines({ ...base.export, entries }));
      for (const [index, list] of edits.entries()) {
        const edit = list[round];
        if (edit === undefined) continue;
        const first = report.findings.find((one) => one.index === index);
        const { path, what } = edit;
        expect({ index, path, what, code: first?.code }).toMatchObject({ code: 'payload-differs' });
        count.refused();
      }
    }
  });
});

/** Nothing signs these bytes: neither the key that the log names nor the certificate's. */
const UNSIGNED = ['service-signature-wrong', 'bundle-refused'];
/** The first entry names the key that signs it, so a change can make it name no key or another. */
const UNNAMED = ['service-key-unknown'];

const TYPES = Object.keys(EVENT_SHAPES).filter((type) =>
  base.history.entries.some(({ event }) => event.type === type),
);

describe.each(TYPES.map((type) => ({ type })))(
  'each field of $type',
  { timeout: 120_000 },
  ({ type }) => {
    const index = base.indexOf(type as RecordedEvent['type']);

    it('is held by the signature when the envelope is changed with it', async () => {
      for (const edit of editsOf(index)) {
        const over = forged(index, edited(edit));
        const verdict = await audit(await writtenLines(withEntry(base.export, index, over)));
        const code = verdict.report.findings[0]?.code;
        expect(index === 0 ? [...UNSIGNED, ...UNNAMED] : UNSIGNED).toContain(code);
        expectFirst(verdict, { code: code ?? 'export-unreadable', at: index });
        expectShort(verdict);
        count.refused();
      }
    });
  },
);

/** What follows from a cheat is told, but in so few lines that it does not hide what was done. */
function expectShort({ words }: Verdict): void {
  const told = words.split('\n').filter((line) => /^ {2}(?:entry|entries|log)/.test(line));
  expect(told.length).toBeLessThanOrEqual(20);
}
