import type { SerializedBundle } from '@sigstore/bundle';

/**
 * A signature on its way to a bundle. Plain JSON at each stage, so that a stage can be stored and
 * the next one be run later, by another process. None of it is secret; bytes are base64.
 */
export interface SignedStatement {
  readonly stage: 'signed';
  /** The in-toto statement. */
  readonly payload: string;
  /** ECDSA P-256 over the DSSE pre-authentication encoding, DER. */
  readonly signature: string;
  /** The leaf certificate, DER. */
  readonly certificate: string;
}

export interface TimestampedStatement extends Omit<SignedStatement, 'stage'> {
  readonly stage: 'timestamped';
  /** TimeStampResp over the signature (RFC 3161), DER. */
  readonly timestamp: string;
}

export interface LoggedStatement extends Omit<SignedStatement, 'stage'> {
  readonly stage: 'logged';
  /** Absent without a timestamp authority: the log's promise is then the time. */
  readonly timestamp?: string;
  readonly logEntry: SerializedLogEntry;
}

/** How far a signature came. */
export type AttestationState = SignedStatement | TimestampedStatement | LoggedStatement;

type TransparencyLogEntry = SerializedBundle['verificationMaterial']['tlogEntries'][number];

/**
 * `TransparencyLogEntry` of the Sigstore protobufs, as JSON. An absent promise is left out: a member
 * that is there and undefined has no canonical form, and no entry of the audit log could be made.
 */
export type SerializedLogEntry = Omit<TransparencyLogEntry, 'inclusionPromise'> & {
  readonly inclusionPromise?: NonNullable<TransparencyLogEntry['inclusionPromise']>;
};

/** The payload type of every statement we sign. */
export const IN_TOTO = 'application/vnd.in-toto+json';
