import type { Instant } from '#domain/instant';
import { base64, parseBase64, parseHex } from './digest.ts';
import { noteKeyId, type NoteVerifier, type VerifyEd25519, type VkeyRefusal } from './note-key.ts';
import { accepted, refused, type Result } from './result.ts';
import { isKeyName, parseNote, type NoteSignature } from './signed-note.ts';

/** The signature type of Ed25519 cosignatures (C2SP tlog-cosignature, "Format"). */
export const ED25519_COSIGNATURE = 0x04;

/**
 * The key of a witness. As a `NoteVerifier` it checks `timestamped_signature`s, so that it can stand
 * among the verifiers of any note.
 */
export interface WitnessKey extends NoteVerifier {
  /** The verifier key as it was pinned. */
  readonly vkey: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** A witness's statement: at this time, the largest tree that it had seen of the log was this one. */
export interface Cosignature {
  readonly name: string;
  readonly keyId: number;
  /** The witness's own clock, in whole seconds as milliseconds. */
  readonly cosignedAt: Instant;
  /** The signature line, without its newline. */
  readonly line: string;
}

export type CosignatureRefusal = 'not-a-note' | 'cosignature-invalid';

const ED25519_NOTE = 0x01;
const KEY_BYTES = 32;
const TIMESTAMP_BYTES = 8;
const SIGNATURE_BYTES = TIMESTAMP_BYTES + 64;
// Beyond this a number of milliseconds is no time that can be shown (ECMA-262 §21.4.1.1).
const LATEST_SECONDS = 8_640_000_000_000n;
const VKEY = /^(?<name>[^+]+)\+(?<keyId>[0-9a-f]{8})\+(?<key>.+)$/u;

/**
 * Reads a witness's verifier key: type 04 (C2SP tlog-cosignature), or the same public key in the
 * older spelling of type 01, whose cosignatures still go by the key id of type 04.
 */
export function witnessKeyFromVkey(
  vkey: string,
  verifyEd25519: VerifyEd25519,
): Result<WitnessKey, VkeyRefusal> {
  const { name = '', keyId = '', key = '' } = VKEY.exec(vkey)?.groups ?? {};
  const [typed, id] = [parseBase64(key), parseHex(keyId)];
  if (!isKeyName(name) || typed === undefined || id?.length !== 4) return refused('malformed');
  const [type, publicKey] = [typed[0], typed.slice(1)];
  if (type !== ED25519_COSIGNATURE && type !== ED25519_NOTE)
    return refused('algorithm-unsupported');
  if (publicKey.length !== KEY_BYTES) return refused('malformed');
  if (Number.parseInt(keyId, 16) !== noteKeyId(name, type, publicKey))
    return refused('key-id-mismatch');
  return accepted({
    vkey,
    publicKey,
    name,
    keyId: noteKeyId(name, ED25519_COSIGNATURE, publicKey),
    verify: (message, signature) => {
      const seconds = secondsOf(signature);
      if (seconds === undefined) return false;
      const signed = cosignedMessage(seconds, message);
      return verifyEd25519(publicKey, signed, signature.slice(TIMESTAMP_BYTES));
    },
  });
}

/** The text form of a witness's Ed25519 public key. Throws RangeError. */
export function formatWitnessVkey(name: string, publicKey: Uint8Array): string {
  if (!isKeyName(name)) throw new RangeError('not a key name');
  if (publicKey.length !== KEY_BYTES) throw new RangeError('not an Ed25519 public key');
  const keyId = noteKeyId(name, ED25519_COSIGNATURE, publicKey).toString(16).padStart(8, '0');
  return `${name}+${keyId}+${base64(Uint8Array.of(ED25519_COSIGNATURE, ...publicKey))}`;
}

/**
 * The cosignatures of these witnesses under a signed checkpoint, the latest of each. Lines of other
 * keys are ignored; one that names a witness here and is not its signature rejects the note, as
 * C2SP signed-note has it. Does not check the log's own signature.
 */
export function readCosignatures(
  note: string,
  witnesses: readonly WitnessKey[],
): Result<readonly Cosignature[], CosignatureRefusal> {
  const read = parseNote(note);
  if (!read.ok) return refused('not-a-note');
  const message = new TextEncoder().encode(read.value.text);
  const found = new Map<WitnessKey, Cosignature>();
  for (const line of read.value.signatures) {
    const witness = witnesses.find(({ name, keyId }) => name === line.name && keyId === line.keyId);
    if (witness === undefined) continue;
    const cosigned = readOne(witness, message, line);
    if (cosigned === undefined) return refused('cosignature-invalid');
    const earlier = found.get(witness);
    if (earlier === undefined || earlier.cosignedAt < cosigned.cosignedAt)
      found.set(witness, cosigned);
  }
  return accepted([...found.values()]);
}

function readOne(
  witness: WitnessKey,
  message: Uint8Array,
  { name, keyId, signature }: NoteSignature,
): Cosignature | undefined {
  const seconds = secondsOf(signature);
  if (seconds === undefined || !witness.verify(message, signature)) return undefined;
  const bytes = new Uint8Array(4 + signature.length);
  new DataView(bytes.buffer).setUint32(0, keyId);
  bytes.set(signature, 4);
  const line = `— ${name} ${base64(bytes)}`;
  return { name, keyId, cosignedAt: Number(seconds) * 1_000, line };
}

/** A checkpoint note with these cosignature lines under it. */
export function withCosignatures(note: string, lines: readonly string[]): string {
  return `${note}${lines.map((line) => `${line}\n`).join('')}`;
}

/** The timestamp of a `timestamped_signature`: not zero, which would say nothing about the time. */
function secondsOf(signature: Uint8Array): bigint | undefined {
  if (signature.length !== SIGNATURE_BYTES) return undefined;
  const seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return seconds === 0n || seconds > LATEST_SECONDS ? undefined : seconds;
}

/** "Ed25519 signed message" of C2SP tlog-cosignature. */
function cosignedMessage(seconds: bigint, text: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`cosignature/v1\ntime ${seconds}\n`);
  const message = new Uint8Array(head.length + text.length);
  message.set(head);
  message.set(text, head.length);
  return message;
}
