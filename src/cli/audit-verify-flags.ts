import type { IdentityFlags } from './pinned-identities.ts';

/** What the auditor wrote on the command line. */
export interface AuditVerifyFlags extends IdentityFlags {
  /** The export (JSON lines); `-` is standard input. */
  readonly export: string;
  /** The pinned trusted root (Sigstore `TrustedRoot`, JSON). */
  readonly trustedRoot: string;
  /** Pinned log keys (C2SP verifier keys). At least one. */
  readonly logKey: readonly string[];
  /** Pinned service keys (SHA-256 of the SPKI, hex); empty: the one that the log names. */
  readonly serviceKey: readonly string[];
  /** Issuers that certificates may name; empty: any that the trusted root accepts. */
  readonly issuer: readonly string[];
  /** A checkpoint saved earlier. */
  readonly checkpoint?: string;
  /** Pinned witnesses (C2SP verifier keys). */
  readonly witness?: readonly string[];
  /** Ask for cosignatures of so many of them: with fewer, the exit code is 3. */
  readonly witnesses?: number;
  /** Ask for a proved tail: without one, the exit code is 3. */
  readonly requireCheckpoint: boolean;
  /** The auditor knows that values were erased: identities that this leaves unproven are no exit 3. */
  readonly acceptErased: boolean;
  /** The auditor takes keys of providers as the log records them: no exit 3 for such sign-ins. */
  readonly acceptRecordedKeys: boolean;
  readonly json: boolean;
  /** A file that the report is written to as HTML, beside what is printed. */
  readonly html?: string;
}
