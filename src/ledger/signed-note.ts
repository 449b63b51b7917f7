import { base64, parseBase64 } from './digest.ts';
import { accepted, refused } from './result.ts';
import type { Result } from './result.ts';

/** One signature line of a note. Name and key id together name the key. */
export type NoteSignature = {
  readonly name: string;
  /** The key id as an unsigned number of 32 bits. */
  readonly keyId: number;
  readonly signature: Uint8Array;
};

/** A note: its text, which ends in a newline, and its signatures in order. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

export type NoteRefusal =
  | 'too-large'
  | 'not-utf8'
  | 'control-character'
  | 'no-signatures'
  | 'signature-line-malformed'
  | 'too-many-signatures';

const MAX_LENGTH = 1_000_000;
const MAX_SIGNATURES = 100;
const KEY_ID_BYTES = 4;
const SIGNATURE_LINE = /^— (?<name>[^ ]+) (?<signature>[^ ]+)$/u;
const KEY_NAME = /^[^\p{White_Space}+]+$/u;
// Newlines aside, none is allowed: a note must look the same wherever it is shown.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/** Whether a key can have this name: not empty, no space of Unicode, no plus. */
export function isKeyName(name: string): boolean {
  return KEY_NAME.test(name) && name.isWellFormed() && !CONTROL.test(name);
}

/** Reads a note without judging its signatures (C2SP signed-note, "Format"). */
export function parseNote(note: string): Result<Note, NoteRefusal> {
  if (note.length > MAX_LENGTH) return refused('too-large');
  if (!note.isWellFormed()) return refused('not-utf8');
  if (CONTROL.test(note)) return refused('control-character');
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || split + 2 === note.length) return refused('no-signatures');
  if (!note.endsWith('\n')) return refused('signature-line-malformed');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return refused('too-many-signatures');
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseLine(line);
    if (signature === undefined) return refused('signature-line-malformed');
    signatures.push(signature);
  }
  return accepted({ text: note.slice(0, split + 1), signatures });
}

/** Writes a note. Throws RangeError if what is written could not be read back. */
export function formatNote({ text, signatures }: Note): string {
  if (!text.endsWith('\n')) throw new RangeError('the text of a note ends in a newline');
  const note = `${text}\n${signatures.map(formatLine).join('')}`;
  const read = parseNote(note);
  if (!read.ok) throw new RangeError(`not a note: ${read.code}`);
  return note;
}

function parseLine(line: string): NoteSignature | undefined {
  const { name = '', signature = '' } = SIGNATURE_LINE.exec(line)?.groups ?? {};
  const bytes = parseBase64(signature);
  if (!isKeyName(name) || bytes === undefined || bytes.length <= KEY_ID_BYTES) return undefined;
  const keyId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return { name, keyId, signature: bytes.slice(KEY_ID_BYTES) };
}

function formatLine({ name, keyId, signature }: NoteSignature): string {
  if (!isKeyName(name)) throw new RangeError('not a key name');
  if (keyId >>> 0 !== keyId) throw new RangeError('a key id has 32 bits');
  const bytes = new Uint8Array(KEY_ID_BYTES + signature.length);
  new DataView(bytes.buffer).setUint32(0, keyId);
  bytes.set(signature, KEY_ID_BYTES);
  return `— ${name} ${base64(bytes)}\n`;
}
