import { describe, expect, it } from 'vitest';
import {
  base64,
  digestBytes,
  digestFromBytes,
  digestOf,
  hex,
  parseBase64,
  parseDigest,
  parseHex,
  sameBytes,
  sha256,
} from '#ledger/digest';

const abc = new TextEncoder().encode('abc');
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('a digest', () => {
  it('is SHA-256 as FIPS 180-4 has it, over the parts joined', () => {
    expect(hex(sha256(abc))).toBe(ABC);
    expect(hex(sha256(abc.slice(0, 1), abc.slice(1)))).toBe(ABC);
    expect(hex(sha256())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('has one spelling', () => {
    expect(digestOf('abc')).toBe(`sha256:${ABC}`);
    expect(digestOf(abc)).toBe(digestOf('abc'));
    expect(parseDigest(`sha256:${ABC}`)).toBe(digestOf('abc'));
    expect(hex(digestBytes(digestOf('abc')))).toBe(ABC);
  });

  it.each([
    ABC,
    `sha256:${ABC.toUpperCase()}`,
    `sha256:${ABC}00`,
    `sha256:${ABC.slice(1)}`,
    `sha256:${ABC}\n`,
    `sha512:${ABC}`,
    '',
  ])('is not %j', (text) => {
    expect(parseDigest(text)).toBeUndefined();
  });

  it('is not made of anything but 32 bytes', () => {
    expect(() => digestFromBytes(abc)).toThrow(RangeError);
  });
});

describe('base64 and hexadecimal', () => {
  it('are written and read', () => {
    expect(base64(Uint8Array.of(0xfb, 0xff))).toBe('+/8=');
    expect(parseBase64('+/8=')).toEqual(Uint8Array.of(0xfb, 0xff));
    expect(parseHex('fbff')).toEqual(Uint8Array.of(0xfb, 0xff));
  });

  it.each(['+/8', '-_8=', '+/8= ', '+/9=', '+/8=\n', '=', '*'])('refuse base64 %j', (text) => {
    expect(parseBase64(text)).toBeUndefined();
  });

  it.each(['f', 'FB', '0x', 'fb '])('refuse hexadecimal %j', (text) => {
    expect(parseHex(text)).toBeUndefined();
  });

  it('give bytes of their own, not a window on a pool', () => {
    expect(parseBase64('+/8=')?.buffer.byteLength).toBe(2);
    expect(sha256(abc).buffer.byteLength).toBe(32);
  });

  it('compare bytes by value and length', () => {
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  });
});
