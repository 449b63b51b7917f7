import { createHmac } from 'node:crypto';
import { EnvelopeError } from './envelope-error.ts';

export interface KeyEncryptionKey {
  /** Eight bytes derived from the key, which say nothing about it. */
  id: Buffer;
  key: Buffer;
}

/** The key that seals, and those that only open what was sealed before a rotation. */
export interface KeyRing {
  current: KeyEncryptionKey;
  former: readonly KeyEncryptionKey[];
}

/**
 * Reads BREAKGLASS_KEK: 32 bytes in hex, base64 or base64url. To rotate, put the new key in front of
 * the old one, separated by a comma; drop the old one when no secret is sealed under it.
 *
 * @throws EnvelopeError `key_malformed`
 */
export function parseKeyRing(text: string): KeyRing {
  const [current, ...former] = text.split(',').map((part, index) => parseKey(part.trim(), index));
  if (current === undefined) throw malformed(0);
  return { current, former };
}

function parseKey(text: string, index: number): KeyEncryptionKey {
  const key = decode(text);
  if (key === undefined) throw malformed(index);
  const id = createHmac('sha256', key).update('breakglass key id').digest().subarray(0, 8);
  return { id, key };
}

function decode(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  return undefined;
}

function malformed(index: number): EnvelopeError {
  return new EnvelopeError(
    'key_malformed',
    `BREAKGLASS_KEK: key ${index + 1} is not 32 bytes in hex or base64. ` +
      'Make one with: openssl rand -base64 32',
  );
}
