import type { NoteVerifier } from '../note-key.ts';
import type { Checks } from './checks.ts';

/** What the auditor trusts before reading: everything else must follow from it. */
export interface Pinned {
  /** C2SP verifier keys of the log (`name+keyid+base64`). */
  readonly logKeys: readonly string[];
  /** SHA-256 of service keys in hex, or the one that the log's first entry names. */
  readonly serviceKeys: readonly string[] | 'from-log';
  /** Issuers that certificates may name; left out, any that the trusted root accepts. */
  readonly issuers?: readonly string[];
}

export interface VerificationSetup {
  readonly pinned: Pinned;
  /** The pinned log keys, read. */
  readonly keys: readonly NoteVerifier[];
  readonly checks: Checks;
  readonly savedCheckpoint: string | undefined;
}
