import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { needsReseal, openSecret, sealSecret } from '#postgres/envelope';
import { parseKeyRing } from '#postgres/key-ring';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '#test/support/property';

const oldKey = randomBytes(32);
const newKey = randomBytes(32);
const old = parseKeyRing(oldKey.toString('base64'));
const rotated = parseKeyRing(`${newKey.toString('hex')}, ${oldKey.toString('base64url')}`);
const binding = { tenantId: '0198c5a0-0000-7000-8000-00000000000a', purpose: 'slack-bot-token' };
const secret = Buffer.from('xoxb-very-secret');

describe('a sealed secret', () => {
  test('opens to what it was, whatever it was', () => {
    check(
      fc.property(fc.uint8Array(), fc.string(), fc.string(), (bytes, tenantId, purpose) => {
        const envelope = sealSecret(old, { tenantId, purpose }, bytes);
        expect(openSecret(old, { tenantId, purpose }, envelope).equals(bytes)).toBe(true);
      }),
    );
  });

  test('never looks the same twice', () => {
    const one = sealSecret(old, binding, secret);
    expect(one.equals(sealSecret(old, binding, secret))).toBe(false);
    expect(one.includes(secret)).toBe(false);
  });

  test('does not open with any bit changed, nor shortened', () => {
    const envelope = sealSecret(old, binding, secret);
    for (let bit = 0; bit < envelope.length * 8; bit += 1) {
      const changed = Buffer.from(envelope);
      const byte = bit >> 3;
      changed.writeUInt8(changed.readUInt8(byte) ^ (1 << (bit & 7)), byte);
      expect(() => openSecret(old, binding, changed), `bit ${bit}`).toThrow(
        expect.objectContaining({ name: 'EnvelopeError' }),
      );
    }
    for (let length = 0; length < envelope.length; length += 1) {
      expect(() => openSecret(old, binding, envelope.subarray(0, length))).toThrow(
        expect.objectContaining({ name: 'EnvelopeError' }),
      );
    }
  });

  test.each([
    ['another tenant', { ...binding, tenantId: '0198c5a0-0000-7000-8000-00000000000b' }],
    ['another purpose', { ...binding, purpose: 'log-key' }],
    ['a border moved', { tenantId: `${binding.tenantId}s`, purpose: 'lack-bot-token' }],
  ])('does not open for %s', (_, wrong) => {
    const envelope = sealSecret(old, binding, secret);
    expect(() => openSecret(old, wrong, envelope)).toThrow(
      expect.objectContaining({ code: 'not_authentic' }),
    );
  });
});

describe('a rotation', () => {
  test('opens what the former key sealed, and asks to seal it again', () => {
    const envelope = sealSecret(old, binding, secret);
    expect(openSecret(rotated, binding, envelope).equals(secret)).toBe(true);
    expect(needsReseal(rotated, envelope)).toBe(true);
    expect(needsReseal(rotated, sealSecret(rotated, binding, secret))).toBe(false);
  });

  test('names the key that is missing, and no key', () => {
    const envelope = sealSecret(rotated, binding, secret);
    const attempt = () => openSecret(old, binding, envelope);
    expect(attempt).toThrow(expect.objectContaining({ code: 'unknown_key' }));
    expect(attempt).toThrow(rotated.current.id.toString('hex'));
  });
});

test.each(['', 'short', randomBytes(31).toString('base64'), `${newKey.toString('hex')},`])(
  'a key that is none is refused without being shown',
  (text) => {
    let thrown: unknown;
    try {
      parseKeyRing(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'key_malformed' });
    if (text !== '') expect(inspect(thrown)).not.toContain(text);
  },
);
