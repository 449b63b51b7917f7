import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#ledger/canonical-json';
import { commit, opens } from '#ledger/commitment';
import { digestOf } from '#ledger/digest';

const salt = new Uint8Array(16).fill(0x61);
const commitment = commit({ reason: 'down', by: 'amy' }, salt);

describe('a commitment to a detached value', () => {
  it('is the digest of the salt and the canonical value', () => {
    expect(commitment).toBe(digestOf('aaaaaaaaaaaaaaaa{"by":"amy","reason":"down"}'));
  });

  it('opens for the value, in whatever order its members stand', () => {
    expect(opens(commitment, { salt, value: { by: 'amy', reason: 'down' } })).toBe(true);
  });

  it('does not open for another value or another salt', () => {
    expect(opens(commitment, { salt, value: { by: 'bob', reason: 'down' } })).toBe(false);
    const other = new Uint8Array(16).fill(0x62);
    expect(opens(commitment, { salt: other, value: { by: 'amy', reason: 'down' } })).toBe(false);
  });

  it('does not open as two values, with a byte moved into the salt', () => {
    const minusOne = commit(-1, salt);
    const longer = Uint8Array.of(...salt, 0x2d);
    expect(digestOf(Uint8Array.of(...longer, 0x31))).toBe(minusOne);
    expect(opens(minusOne, { salt, value: -1 })).toBe(true);
    expect(opens(minusOne, { salt: longer, value: 1 })).toBe(false);
  });

  it('does not open for what has no canonical form', () => {
    expect(opens(commitment, { salt, value: JSON.parse('"\\ud800"') as JsonValue })).toBe(false);
  });

  it.each([0, 15, 17, 32])('is not made with a salt of %d bytes', (length) => {
    expect(() => commit('x', new Uint8Array(length))).toThrow(RangeError);
  });
});
