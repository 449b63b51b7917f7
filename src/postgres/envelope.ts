import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { EnvelopeError } from './envelope-error.ts';
import type { KeyEncryptionKey, KeyRing } from './key-ring.ts';

/** What the envelope is bound to: it opens under exactly these words and no others. */
export interface Binding {
  tenantId: string;
  /** What the secret is for, e.g. `slack-bot-token`; fixed in code, never from outside. */
  purpose: string;
}

/*
 * Version 1, in bytes:
 *   1 version (0x01) | 8 id of the key-encryption key
 *   | 12 nonce | 32 data key | 16 tag        the data key, sealed under the key-encryption key
 *   | 12 nonce | n secret | 16 tag           the secret, sealed under the data key
 * Both are AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces. The associated data is the
 * header, the binding's two lengths, and the binding. A data key seals one secret only.
 */
const version = 1;
const idBytes = 8;
const nonceBytes = 12;
const keyBytes = 32;
const tagBytes = 16;
const headerBytes = 1 + idBytes;
const sealedKeyBytes = nonceBytes + keyBytes + tagBytes;
const leastBytes = headerBytes + sealedKeyBytes + nonceBytes + tagBytes;

/** Seals `secret` under the ring's current key. */
export function sealSecret(ring: KeyRing, binding: Binding, secret: Uint8Array): Buffer {
  const header = Buffer.concat([Buffer.from([version]), ring.current.id]);
  const bound = associatedData(header, binding);
  const dataKey = randomBytes(keyBytes);
  try {
    return Buffer.concat([
      header,
      seal(ring.current.key, bound, dataKey),
      seal(dataKey, bound, secret),
    ]);
  } finally {
    dataKey.fill(0);
  }
}

/**
 * Opens an envelope with whichever key of the ring sealed it.
 *
 * @throws EnvelopeError `malformed`, `unknown_key`, or `not_authentic`: changed, or sealed for
 *   another tenant or purpose.
 */
export function openSecret(ring: KeyRing, binding: Binding, envelope: Uint8Array): Buffer {
  const bytes = Buffer.from(envelope);
  const header = headerOf(bytes);
  const { key } = keyOf(ring, bytes);
  const bound = associatedData(header, binding);
  const dataKey = open(key, bound, bytes.subarray(headerBytes, headerBytes + sealedKeyBytes));
  try {
    return open(dataKey, bound, bytes.subarray(headerBytes + sealedKeyBytes));
  } finally {
    dataKey.fill(0);
  }
}

/** True if the envelope was sealed under another key than the ring's current one. */
export function needsReseal(ring: KeyRing, envelope: Uint8Array): boolean {
  const bytes = Buffer.from(envelope);
  headerOf(bytes);
  return !bytes.subarray(1, headerBytes).equals(ring.current.id);
}

/** The id of the key-encryption key that sealed it, in hex. */
export function sealedUnder(envelope: Uint8Array): string {
  return headerOf(Buffer.from(envelope)).subarray(1).toString('hex');
}

function headerOf(bytes: Buffer): Buffer {
  if (bytes.length < leastBytes || bytes[0] !== version) {
    throw new EnvelopeError('malformed', 'This is no sealed secret of a version known here.');
  }
  return bytes.subarray(0, headerBytes);
}

function keyOf(ring: KeyRing, bytes: Buffer): KeyEncryptionKey {
  const id = bytes.subarray(1, headerBytes);
  const found = [ring.current, ...ring.former].find((key) => key.id.equals(id));
  if (found !== undefined) return found;
  throw new EnvelopeError(
    'unknown_key',
    `A secret is sealed under the key ${id.toString('hex')}, which BREAKGLASS_KEK does not list. ` +
      'Add the former key behind the current one.',
  );
}

/** Lengths first, so that no two bindings give the same bytes. */
function associatedData(header: Buffer, { tenantId, purpose }: Binding): Buffer {
  const parts = [Buffer.from(tenantId), Buffer.from(purpose)];
  const lengths = Buffer.alloc(4 * parts.length);
  parts.forEach((part, index) => lengths.writeUInt32BE(part.length, 4 * index));
  return Buffer.concat([header, lengths, ...parts]);
}

function seal(key: Buffer, bound: Buffer, plain: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(bound);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, bound: Buffer, sealed: Buffer): Buffer {
  const nonce = sealed.subarray(0, nonceBytes);
  const tag = sealed.subarray(sealed.length - tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(bound);
  decipher.setAuthTag(tag);
  const body = sealed.subarray(nonceBytes, sealed.length - tagBytes);
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw new EnvelopeError(
      'not_authentic',
      'A sealed secret does not open: it was changed, or belongs to another tenant or purpose.',
    );
  }
}
