import { base64, parseBase64, parseHex, sha256 } from './digest.ts';
import { accepted, refused } from './result.ts';
import type { Result } from './result.ts';
import { isKeyName } from './signed-note.ts';

/** A key that notes are checked with. */
export type NoteVerifier = {
  readonly name: string;
  readonly keyId: number;
  /** Whether the signature is this key's, over the message. Must not throw for garbage. */
  readonly verify: (message: Uint8Array, signature: Uint8Array) => boolean;
};

/** A key that notes are signed with. */
export type NoteSigner = {
  readonly name: string;
  readonly keyId: number;
  readonly sign: (message: Uint8Array) => Uint8Array;
};

/** Checks an Ed25519 signature of 64 bytes with a public key of 32 (RFC 8032). */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;

export type VkeyRefusal = 'malformed' | 'algorithm-unsupported' | 'key-id-mismatch';

/** The signature type of plain Ed25519 (C2SP signed-note, "Signature types"). */
export const ED25519_NOTE = 0x01;

const ED25519_KEY_BYTES = 32;
const ED25519_SIGNATURE_BYTES = 64;
const VKEY = /^(?<name>[^+]+)\+(?<keyId>[0-9a-f]{8})\+(?<key>.+)$/u;

/** SHA-256(name ‖ 0x0A ‖ type ‖ public key), its first four bytes (C2SP signed-note). */
export function noteKeyId(name: string, type: number, publicKey: Uint8Array): number {
  const named = new TextEncoder().encode(`${name}\n`);
  return uint32Of(sha256(named, Uint8Array.of(type), publicKey));
}

/** The text form of an Ed25519 public key, `name+keyid+base64`. Throws RangeError. */
export function formatVkey(name: string, publicKey: Uint8Array): string {
  if (!isKeyName(name)) throw new RangeError('not a key name');
  if (publicKey.length !== ED25519_KEY_BYTES) throw new RangeError('not an Ed25519 public key');
  const keyId = noteKeyId(name, ED25519_NOTE, publicKey).toString(16).padStart(8, '0');
  return `${name}+${keyId}+${base64(Uint8Array.of(ED25519_NOTE, ...publicKey))}`;
}

/** The verifier of an Ed25519 key in its text form, `name+keyid+base64`. */
export function noteVerifierFromVkey(
  vkey: string,
  verifyEd25519: VerifyEd25519,
): Result<NoteVerifier, VkeyRefusal> {
  const { name = '', keyId = '', key = '' } = VKEY.exec(vkey)?.groups ?? {};
  const [typed, id] = [parseBase64(key), parseHex(keyId)];
  if (!isKeyName(name) || typed === undefined || id?.length !== 4) return refused('malformed');
  if (typed[0] !== ED25519_NOTE) return refused('algorithm-unsupported');
  const publicKey = typed.slice(1);
  if (publicKey.length !== ED25519_KEY_BYTES) return refused('malformed');
  const named = uint32Of(id);
  if (named !== noteKeyId(name, ED25519_NOTE, publicKey)) return refused('key-id-mismatch');
  return accepted({
    name,
    keyId: named,
    verify: (message, signature) =>
      signature.length === ED25519_SIGNATURE_BYTES && verifyEd25519(publicKey, message, signature),
  });
}

function uint32Of(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
}
