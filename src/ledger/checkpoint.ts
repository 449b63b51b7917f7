import { base64, parseBase64, SHA256_BYTES } from './digest.ts';
import type { NoteVerifier } from './note-key.ts';
import { verifyNote } from './note-verify.ts';
import type { NoteVerdictRefusal } from './note-verify.ts';
import { accepted, refused } from './result.ts';
import type { Result } from './result.ts';

/** What a log commits to: its whole content at one size (C2SP tlog-checkpoint). */
export type Checkpoint = {
  /** The log's name, for ever. */
  readonly origin: string;
  /** The number of leaves. */
  readonly size: number;
  /** The Merkle tree hash of RFC 6962 §2.1. */
  readonly root: Uint8Array;
  /** Opaque lines that the signature covers. Witnesses do not audit them. */
  readonly extensions: readonly string[];
};

export type CheckpointRefusal =
  | 'lines-malformed'
  | 'size-malformed'
  | 'size-out-of-range'
  | 'root-malformed';

export type OpenRefusal =
  | NoteVerdictRefusal
  | CheckpointRefusal
  | 'origin-mismatch'
  | 'not-signed-by-log';

/** The log that a checkpoint is expected from, and the witnesses whose signatures are wanted. */
export type ExpectedLog = {
  readonly origin: string;
  readonly log: NoteVerifier;
  readonly witnesses?: readonly NoteVerifier[];
};

export type OpenedCheckpoint = {
  readonly checkpoint: Checkpoint;
  /** The witnesses that signed, out of those expected. How many suffice is the caller's rule. */
  readonly witnessedBy: readonly NoteVerifier[];
};

const DECIMAL = /^(?:0|[1-9][0-9]*)$/;
// oxlint-disable-next-line no-control-regex
const LINE = /^[^\u0000-\u001f]+$/u;
/** A lone surrogate is no text: its UTF-8, which is what is signed, would be that of another. */
const isLine = (line: string): boolean => LINE.test(line) && line.isWellFormed();

/** The text that is signed. Throws RangeError for what `parseCheckpoint` would not read back. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  if (![origin, ...extensions].every(isLine)) {
    throw new RangeError('origin and extensions are lines without control characters');
  }
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`no tree has size ${size}`);
  if (root.length !== SHA256_BYTES) throw new RangeError('a root has 32 bytes');
  return [origin, String(size), base64(root), ...extensions, ''].join('\n');
}

/** Reads the text of a checkpoint (C2SP tlog-checkpoint, "Note text"). Checks no signature. */
export function parseCheckpoint(text: string): Result<Checkpoint, CheckpointRefusal> {
  const lines = text.split('\n');
  const end = lines.pop();
  const [origin, decimal, rootText, ...extensions] = lines;
  if (origin === undefined || decimal === undefined || rootText === undefined) {
    return refused('lines-malformed');
  }
  if (end !== '' || !lines.every(isLine)) return refused('lines-malformed');
  if (!DECIMAL.test(decimal)) return refused('size-malformed');
  const size = Number(decimal);
  if (!Number.isSafeInteger(size)) return refused('size-out-of-range');
  const root = parseBase64(rootText);
  if (root?.length !== SHA256_BYTES) return refused('root-malformed');
  return accepted({ origin, size, root, extensions });
}

/**
 * Reads a signed checkpoint and checks that the expected log signed it. A signature of a witness
 * alone is not enough: a witness vouches for growth, the log for the content.
 */
export function openCheckpoint(
  note: string,
  { origin, log, witnesses = [] }: ExpectedLog,
): Result<OpenedCheckpoint, OpenRefusal> {
  const verified = verifyNote(note, [log, ...witnesses]);
  if (!verified.ok) return verified;
  const { text, signedBy } = verified.value;
  if (!signedBy.includes(log)) return refused('not-signed-by-log');
  const read = parseCheckpoint(text);
  if (!read.ok) return read;
  if (read.value.origin !== origin) return refused('origin-mismatch');
  const witnessedBy = signedBy.filter((verifier) => verifier !== log);
  return accepted({ checkpoint: read.value, witnessedBy });
}
