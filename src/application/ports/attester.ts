import type { Instant } from '#domain/instant';
import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';

export type AttestationFault =
  /** Sigstore did not answer within the budget; trying again later may help. */
  | 'unavailable'
  /** It answered no: the setting or the identity is wrong. */
  | 'refused';

/** Where a signature goes on from, and who is told how far it comes. */
export interface Stages {
  /** What an earlier try over the same statement reached; `null` begins with a fresh token. */
  readonly from: JsonValue | null;
  /**
   * Told of each stage as it is reached, while the next service is asked; `null` when nothing that
   * was reached is of use any more. Holds neither token nor key.
   */
  reached(stage: JsonValue | null): void;
}

export interface Attester {
  /**
   * Signs a statement through Sigstore in a person's name: one identity token, whose subject is the
   * statement's digest, one certificate, one timestamp, one log entry. Never takes longer than its
   * budget, nor asks a service that is known not to answer.
   *
   * @param now the database's clock, which dates the token: a replica's may be wrong.
   */
  attest(
    statement: Uint8Array,
    digest: Digest,
    email: string,
    now: Instant,
    stages: Stages,
  ): Promise<
    | { readonly ok: true; readonly bundle: JsonValue }
    | { readonly ok: false; readonly fault: AttestationFault }
  >;
  /** The same stages for what nobody waits for, with more time each. `null` if it failed. */
  attestPatiently(
    statement: Uint8Array,
    digest: Digest,
    email: string,
    now: Instant,
    stages: Stages,
  ): Promise<JsonValue | null>;
}
