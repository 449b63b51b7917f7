import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '#ledger/digest';
import { DigestTable } from '#ledger/replay/archive/digest-table';
import { Packer, type Packable } from '#ledger/replay/archive/packer';
import { settings } from '#test/support/property';

const kept = ['a', 'b', 'c'].map(digestOf);

const scalar: fc.Arbitrary<Packable> = fc.oneof(
  fc.constantFrom(null, undefined, true, false, -0, Number.NaN, -1, 0.5, 2 ** 53 - 1),
  fc.nat(),
  fc.double(),
  fc.string({ unit: 'binary' }),
  // A lone surrogate is no text of a log, and comes back as it was all the same.
  fc.constantFrom('person', '\uD800', ...kept, digestOf('unknown')),
);

const { value } = fc.letrec<{ readonly value: Packable }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
    fc.array(fc.tuple(fc.string(), tie('value'))).map((pairs) => new Map(pairs)),
    fc.array(scalar).map((items) => new Set(items)),
  ),
}));

describe('a packed value', () => {
  it('comes back the same, whatever was packed before it', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const digests = new DigestTable();
        for (const one of kept) digests.add(one);
        const packer = new Packer(digests);
        const packed = values.map((one) => Uint8Array.from(packer.pack(one)));
        expect(packed.map((one) => packer.unpack(one))).toEqual(values);
      }),
      settings({ numRuns: 500 }),
    );
  });
});

describe('a table of digests', () => {
  it('has exactly what was added, at its first place', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3_000), { maxLength: 4_000 }), (numbers) => {
        const table = new DigestTable();
        const digests = numbers.map((one) => digestOf(`${one}`));
        for (const one of digests) table.add(one);
        const distinct = [...new Set(digests)];
        expect(table.size).toBe(distinct.length);
        expect(distinct.map((one) => table.placeOf(one))).toEqual([...distinct.keys()]);
        expect(distinct.map((_, place) => table.at(place))).toEqual(distinct);
        expect(table.has(digestOf('another'))).toBe(false);
      }),
      settings({ numRuns: 30 }),
    );
  });

  it('tells digests apart that differ in their last digit', () => {
    const table = new DigestTable();
    const one = digestOf('one');
    table.add(one);
    const other = `${one.slice(0, -1)}${one.endsWith('0') ? '1' : '0'}` as typeof one;
    expect(table.has(other)).toBe(false);
  });
});
