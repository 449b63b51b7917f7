import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceLines } from '#ledger/export/service-lines';
import { entryShape } from '#ledger/export/entry-shape';
import { envelopeOf, readEnvelope } from '#ledger/verify/envelope';
import { isLineText } from '#ledger/export/line-text';
import { lineText } from '#ledger/export/line-text';
import type { JsonValue } from '#ledger/canonical-json';
import { canonicalDigest } from '#ledger/canonical-digest';
import { settings } from '#test/support/property';

const base64 = fc
  .uint8Array({ maxLength: 64 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));

/** Names and texts as the service writes them, and any others. */
const name = fc.oneof(fc.constantFrom('url', 'reason', 'idToken'), fc.string({ unit: 'binary' }));
const opened = fc.oneof(fc.string(), fc.jsonValue() as fc.Arbitrary<JsonValue>);

const openings = fc.dictionary(
  name,
  fc.record({
    salt: fc
      .uint8Array({ minLength: 16, maxLength: 16 })
      .map((bytes) => Buffer.from(bytes).toString('base64')),
    value: opened,
  }),
  { maxKeys: 3 },
);

/** The line of an entry as the service writes it. */
const line = fc
  .record({ index: fc.maxSafeNat(), statement: base64, sig: base64, openings })
  .map(({ index, statement, sig, openings }) =>
    lineText({
      entry: {
        index,
        statement,
        envelope: {
          payload: statement,
          payloadType: 'application/vnd.in-toto+json',
          signatures: [{ keyid: 'ab'.repeat(32), sig }],
        },
        openings,
      },
    }),
  );

const edit = fc.record({
  at: fc.nat(),
  cut: fc.nat(3),
  put: fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.constantFrom('"', '\\', '\\u0041', '{}', ' ', '\u2028', '=', '-', 'Ł'),
  ),
});

/** The entry of a line, by JSON and its shape alone: as any line is read. */
function readAsJson(text: string) {
  try {
    const value = JSON.parse(text) as JsonValue;
    if (!isLineText(text, value)) return undefined;
    const members = value as { readonly entry: JsonValue };
    const read = entryShape(members.entry, '$');
    return read.ok ? { ...read.value, openings: read.value.openings ?? {} } : undefined;
  } catch {
    return undefined;
  }
}

const lines = new ServiceLines();

function holds(text: string): boolean {
  const quick = lines.read(text);
  if (quick === undefined) return false;
  const { envelope, ...entry } = quick;
  const { envelope: value = null, ...read } = readAsJson(text) ?? {};
  expect(entry).toEqual(read);
  // What was found on the way is what reading the envelope finds.
  expect(envelope).toMatchObject({ kind: 'service', digest: canonicalDigest(value) });
  expect(envelopeOf(envelope, entry.statement)).toEqual(readEnvelope(value, entry.statement));
  return true;
}

describe('a line that is read in its parts', () => {
  it('says what it says as JSON', () => {
    let read = 0;
    fc.assert(
      fc.property(line, (text) => {
        if (holds(text)) read += 1;
      }),
      settings({ numRuns: 500 }),
    );
    expect(read).toBeGreaterThan(100);
  });

  it('says what it says as JSON, or nothing, however it was edited', () => {
    fc.assert(
      fc.property(line, fc.array(edit, { minLength: 1, maxLength: 3 }), (text, edits) => {
        let edited = text;
        for (const { at, cut, put } of edits) {
          const place = at % (edited.length + 1);
          edited = `${edited.slice(0, place)}${put}${edited.slice(place + cut)}`;
        }
        holds(edited);
      }),
      settings({ numRuns: 3_000 }),
    );
  });
});
