import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Base64Room, parseBase64 } from '#ledger/base64';
import { settings } from '#test/support/property';

/** What is base64 by its definition: the text that its own bytes give (RFC 4648 §3.5). */
function bytesOf(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
}

/** Of base64, of its other alphabets, and of neither; the last but one has the lower byte of an A. */
const OF_EDITS = 'A Q B g z 0 9 + / = - _ \n \u0141 \u00e9'.split(' ').concat(' ');

const canonical = fc
  .uint8Array({ maxLength: 48 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));
const edited = fc
  .tuple(
    canonical,
    fc.nat(),
    fc.nat(2),
    fc.string({ unit: fc.constantFrom(...OF_EDITS), maxLength: 4 }),
  )
  .map(([text, at, cut, put]) => {
    const place = at % (text.length + 1);
    return `${text.slice(0, place)}${put}${text.slice(place + cut)}`;
  });
const short = fc.string({ unit: fc.constantFrom(...OF_EDITS), maxLength: 8 });

describe('base64', () => {
  it('is read in its one spelling, and in no other', () => {
    const room = new Base64Room();
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(canonical, edited, short), (text) => {
        const expected = bytesOf(text);
        expect(parseBase64(text)).toEqual(expected);
        expect(room.parse(text)).toEqual(expected);
        if (expected !== undefined) read += 1;
      }),
      settings({ numRuns: 5_000 }),
    );
    expect(read).toBeGreaterThan(500);
  });

  it('that is read beside other bytes stays as it is', () => {
    const room = new Base64Room();
    const texts = fc.sample(canonical, { numRuns: 5_000, seed: 3 });
    const long = Buffer.alloc(100_000, 7).toString('base64');
    const read = [...texts, long, ...texts].map((text) => ({ text, bytes: room.parse(text) }));
    for (const { text, bytes } of read) expect(bytes).toEqual(bytesOf(text));
  });
});
