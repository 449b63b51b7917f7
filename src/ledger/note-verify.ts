import type { NoteSigner, NoteVerifier } from './note-key.ts';
import { accepted, refused } from './result.ts';
import type { Result } from './result.ts';
import { formatNote, parseNote } from './signed-note.ts';
import type { NoteRefusal } from './signed-note.ts';

export type NoteVerdictRefusal = NoteRefusal | 'signature-invalid' | 'no-known-key';

/** A note's text, and the known keys that signed it. */
export type VerifiedNote = {
  readonly text: string;
  /** In the order of their lines, each key once. */
  readonly signedBy: readonly NoteVerifier[];
};

/**
 * Reads a note and checks it (C2SP signed-note, "Signatures"): keys that are not among the
 * verifiers are ignored, a bad signature of one that is rejects the note, and at least one known
 * key must have signed. Throws RangeError if two verifiers share name and key id.
 */
export function verifyNote(
  note: string,
  verifiers: readonly NoteVerifier[],
): Result<VerifiedNote, NoteVerdictRefusal> {
  const byKey = indexed(verifiers);
  const read = parseNote(note);
  if (!read.ok) return read;
  const message = new TextEncoder().encode(read.value.text);
  const signedBy = new Set<NoteVerifier>();
  for (const line of read.value.signatures) {
    const verifier = byKey.get(keyOf(line));
    if (verifier === undefined) continue;
    if (!verifier.verify(message, line.signature)) return refused('signature-invalid');
    signedBy.add(verifier);
  }
  if (signedBy.size === 0) return refused('no-known-key');
  return accepted({ text: read.value.text, signedBy: [...signedBy] });
}

/** A note with this text, signed by each. Throws RangeError for a text no note can have. */
export function signNote(text: string, ...signers: readonly [NoteSigner, ...NoteSigner[]]): string {
  const message = new TextEncoder().encode(text);
  const signatures = signers.map(({ name, keyId, sign }) => ({
    name,
    keyId,
    signature: sign(message),
  }));
  return formatNote({ text, signatures });
}

function indexed(verifiers: readonly NoteVerifier[]): Map<string, NoteVerifier> {
  const byKey = new Map(verifiers.map((verifier) => [keyOf(verifier), verifier]));
  if (byKey.size !== verifiers.length) throw new RangeError('two verifiers share name and key id');
  return byKey;
}

function keyOf({ name, keyId }: { readonly name: string; readonly keyId: number }): string {
  return `${keyId} ${name}`;
}
