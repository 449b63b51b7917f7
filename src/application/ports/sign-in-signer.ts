import type { JsonValue } from '#ledger/canonical-json';
import type { AttestationFault } from './attester.ts';

/** Signs a prepared approval with a key of one sign-in, in the name that its ID token gives. */
export interface SignInSigner {
  /** A key for one signature: its public half (SPKI, DER), and the private one as bytes to keep. */
  newKey(): { readonly spki: Uint8Array; readonly secret: Uint8Array };
  /**
   * Certificate, signature, timestamp and log entry, within a budget. Nothing is tried twice: an ID
   * token is good for one certificate. The key is used here and nowhere again.
   */
  sign(
    statement: Uint8Array,
    secret: Uint8Array,
    idToken: string,
  ): Promise<
    | { readonly ok: true; readonly bundle: JsonValue }
    | { readonly ok: false; readonly fault: AttestationFault }
  >;
}
