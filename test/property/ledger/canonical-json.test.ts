import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, canonicalText, parseCanonicalJson } from '#ledger/canonical-json';
import type { JsonValue } from '#ledger/canonical-json';
import { check } from '#test/support/property';

const text = fc.string({ unit: 'binary' });
const number = fc
  .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger())
  .filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n));

const { value: json } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<JsonValue>(null, true, false),
    text,
    number,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(text, tie('value'), { maxKeys: 5 }),
  ),
}));

describe('canonical JSON', () => {
  it('is what an independent implementation of RFC 8785 writes', () => {
    check(
      fc.property(json, (value) => {
        expect(canonicalText(value)).toBe(canonicalize(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('comes back the same after being read', () => {
    check(
      fc.property(json, (value) => {
        const bytes = canonicalJson(value);
        const read = parseCanonicalJson(bytes);
        expect(read === undefined ? 'unread' : canonicalJson(read)).toEqual(bytes);
      }),
    );
  });
});
