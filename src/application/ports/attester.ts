import type { Instant } from '#domain/instant';
import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';

export type AttestationFault =
  /** Sigstore did not answer within the budget; trying again later may help. */
  | 'unavailable'
  /** It answered no: the setting or the identity is wrong. */
  | 'refused';

export interface Attester {
  /**
   * Signs a statement through Sigstore in a person's name: one identity token, whose subject is the
   * statement's digest, one certificate, one timestamp, one log entry. Never takes longer than its
   * budget.
   *
   * @param now the database's clock, which dates the token: a replica's may be wrong.
   */
  attest(
    statement: Uint8Array,
    digest: Digest,
    email: string,
    now: Instant,
  ): Promise<
    | { readonly ok: true; readonly bundle: JsonValue }
    | { readonly ok: false; readonly fault: AttestationFault }
  >;
  /** The same for what nobody waits for: no budget, the client's own retries. `null` if it failed. */
  attestPatiently(
    statement: Uint8Array,
    digest: Digest,
    email: string,
    now: Instant,
  ): Promise<JsonValue | null>;
}
