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
   */
  attest(
    statement: Uint8Array,
    digest: Digest,
    email: string,
  ): Promise<
    | { readonly ok: true; readonly bundle: JsonValue }
    | { readonly ok: false; readonly fault: AttestationFault }
  >;
  /** The same for what nobody waits for: no budget, the client's own retries. `null` if it failed. */
  attestPatiently(statement: Uint8Array, digest: Digest, email: string): Promise<JsonValue | null>;
}
