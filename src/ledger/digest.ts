import { hash } from 'node:crypto';
import type { DigestText } from '#domain/ids';

export { base64, parseBase64 } from './base64.ts';

declare const digestBrand: unique symbol;

/** A SHA-256 digest in text: `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = DigestText & { readonly [digestBrand]: 'Digest' };

export const SHA256_BYTES = 32;
export const DIGEST_LENGTH = 'sha256:'.length + SHA256_BYTES * 2;

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const HEX = /^(?:[0-9a-f]{2})*$/;

/** SHA-256 (FIPS 180-4) over the parts joined without a separator; 32 bytes. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  const data = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  // A text of the 32 bytes costs a third of what a buffer of its own does.
  const text = hash('sha256', data, 'binary');
  const bytes = new Uint8Array(SHA256_BYTES);
  for (let place = 0; place < SHA256_BYTES; place += 1) bytes[place] = text.charCodeAt(place);
  return bytes;
}

/** The digest of `data`; a string stands for its UTF-8 bytes. */
export function digestOf(data: Uint8Array | string): Digest {
  return `sha256:${hash('sha256', data, 'hex')}` as Digest;
}

/** Names 32 bytes that are a SHA-256 hash already. Throws RangeError for any other length. */
export function digestFromBytes(bytes: Uint8Array): Digest {
  if (bytes.length !== SHA256_BYTES) throw new RangeError('a SHA-256 hash has 32 bytes');
  return `sha256:${hex(bytes)}` as Digest;
}

/** Reads a digest; `undefined` for anything but the one spelling (upper-case digits too). */
export function parseDigest(text: string): Digest | undefined {
  return DIGEST.test(text) ? (text as Digest) : undefined;
}

/** The 32 bytes that a digest names. */
export function digestBytes(digest: Digest): Uint8Array {
  return bytesOf(Buffer.from(digest.slice('sha256:'.length), 'hex'));
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('hex');
}

/** Reads lower-case hexadecimal; `undefined` for anything else. */
export function parseHex(text: string): Uint8Array | undefined {
  return HEX.test(text) ? bytesOf(Buffer.from(text, 'hex')) : undefined;
}

/** Whether two byte strings are the same. Not constant in time: for public values alone. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// A Buffer can be a window on a pool shared with others: what leaves this file is a copy, or all of
// what lies under it.
function bytesOf(buffer: Buffer): Uint8Array {
  return buffer.byteLength === buffer.buffer.byteLength
    ? new Uint8Array(buffer.buffer)
    : new Uint8Array(buffer);
}
