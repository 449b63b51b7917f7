import type { JsonValue } from '../canonical-json.ts';
import type { VerifyEd25519 } from '../note-key.ts';
import type { JwsAlgorithm } from './sign-ins/id-token.ts';

/** What a Sigstore bundle proved, or why it proved nothing. */
export type BundleVerdict =
  | {
      readonly ok: true;
      /** The certificate's one name: an e-mail address (rfc822Name) or a workload's URI. */
      readonly identity: string;
      readonly kind: 'email' | 'uri';
      /** The key that signed: SubjectPublicKeyInfo, DER. */
      readonly publicKey: Uint8Array;
      /** The identity provider (1.3.6.1.4.1.57264.1.8). */
      readonly issuer: string;
      /** The token's `sub` (1.3.6.1.4.1.57264.1.24). */
      readonly tokenSubject: string | null;
      /** Times that trusted witnesses vouch for, epoch milliseconds. */
      readonly signedAt: readonly number[];
    }
  | { readonly ok: false; readonly code: string };

/** Verifies a bundle over a statement against the trusted root that the auditor pinned. */
export type VerifyBundle = (bundle: JsonValue, statement: Uint8Array) => BundleVerdict;

/** Whether `signature` (ECDSA P-256, SHA-256, DER) over `message` is of the key with this SPKI. */
type VerifyServiceSignature = (
  spki: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;

/**
 * Whether a JWS signature (RFC 7515, RFC 7518 §3) over `signingInput` is of the public key. `false`
 * for a key that is not for this algorithm; must not throw for garbage.
 */
export type VerifyJws = (
  jwk: JsonValue,
  alg: JwsAlgorithm,
  signingInput: Uint8Array,
  signature: Uint8Array,
) => boolean;

/** The signature checks, handed in: what a signature is worth is decided where the keys are. */
export interface Checks {
  readonly verifyBundle: VerifyBundle;
  readonly verifyServiceSignature: VerifyServiceSignature;
  readonly verifyEd25519: VerifyEd25519;
  readonly verifyJws: VerifyJws;
}
