import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TemporaryBytes } from '#cli/temporary-bytes';
import { ByteLog } from '#ledger/replay/archive/byte-log';
import { check } from '#test/support/property';

/** More than one chunk in memory, and more than one buffer of a file. */
const LONGEST = 300_000;

const inMemory = () => Object.assign(new ByteLog(), { [Symbol.dispose]: () => undefined });

describe.each([
  ['in memory', inMemory],
  ['in a file', () => new TemporaryBytes()],
])('an archive %s', (_, create) => {
  it('gives back what was appended, from wherever to wherever', () => {
    const length = fc.oneof(fc.nat(200), fc.nat(LONGEST));
    check(
      fc.property(fc.array(length, { maxLength: 8 }), fc.nat(), fc.nat(), (lengths, a, b) => {
        using archive = create();
        const all: number[] = [];
        for (const [fill, each] of lengths.entries()) {
          const bytes = Uint8Array.from({ length: each }, (__, at) => (at * 31 + fill) % 251);
          expect(archive.append(bytes)).toBe(all.length);
          for (const byte of bytes) all.push(byte);
          expect(archive.read(all.length - each, each)).toEqual(bytes);
        }
        const from = a % (all.length + 1);
        const to = from + (b % (all.length - from + 1));
        expect([...archive.read(from, to - from)]).toEqual(all.slice(from, to));
        expect(() => archive.read(from, all.length - from + 1)).toThrow(RangeError);
      }),
      { numRuns: 30 },
    );
  });
});
