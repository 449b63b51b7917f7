import { openCheckpoint, type Checkpoint, type OpenRefusal } from '../checkpoint.ts';
import { noteVerifierFromVkey, type NoteVerifier, type VerifyEd25519 } from '../note-key.ts';
import { refused, accepted, type Result } from '../result.ts';

/** A log key that was pinned and cannot be read: the caller's mistake, not the log's. */
export class PinnedKeyUnreadable extends Error {
  override name = 'PinnedKeyUnreadable';
  readonly code: 'malformed' | 'algorithm-unsupported' | 'key-id-mismatch';
  constructor(code: PinnedKeyUnreadable['code']) {
    super(`a pinned log key cannot be read: ${code}`);
    this.code = code;
  }
}

/** The pinned log keys. Throws PinnedKeyUnreadable. */
export function pinnedLogKeys(
  vkeys: readonly string[],
  verifyEd25519: VerifyEd25519,
): readonly NoteVerifier[] {
  return [...new Set(vkeys)].map((vkey) => {
    const read = noteVerifierFromVkey(vkey, verifyEd25519);
    if (!read.ok) throw new PinnedKeyUnreadable(read.code);
    return read.value;
  });
}

/** Reads a checkpoint of this origin that any of the pinned keys signed (C2SP tlog-checkpoint). */
export function openPinned(
  note: string,
  origin: string,
  keys: readonly NoteVerifier[],
): Result<Checkpoint, OpenRefusal> {
  let refusal: OpenRefusal = 'no-known-key';
  for (const log of keys) {
    const opened = openCheckpoint(note, { origin, log });
    if (opened.ok) return accepted(opened.value.checkpoint);
    // Of several keys, the one that is on the note says why.
    if (opened.code !== 'no-known-key') refusal = opened.code;
  }
  return refused(refusal);
}
