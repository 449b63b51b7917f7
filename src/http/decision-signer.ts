import { SignJWT } from 'jose';
import type { DecisionSigner } from '#application/ports/decisions';
import { readDecisionKey, type DecisionJwk, type PublicDecisionKey } from './decision-key.ts';

/** `typ` of a signed decision, so that no other token of ours can pass for one (RFC 8725 §3.11). */
export const DECISION_TYPE = 'breakglass-decision+jwt';

export interface DecisionSignerOptions {
  readonly privateJwk: DecisionJwk;
  readonly keyId: string;
  /** `iss`: the public address of this service. */
  readonly issuer: string;
  /** Keys that signed before this one, published until clients have forgotten them. */
  readonly earlier?: readonly PublicDecisionKey[];
}

/** A JWK Set (RFC 7517 §5) of public keys. */
export interface DecisionJwks {
  readonly keys: readonly PublicDecisionKey[];
}

/**
 * Signs decisions as compact JWS with EdDSA over Ed25519 (RFC 7515, RFC 8037).
 * @throws DecisionKeyInvalid.
 */
export function createDecisionSigner(
  options: DecisionSignerOptions,
): DecisionSigner & { jwks(): DecisionJwks } {
  const { keyId, issuer, earlier = [] } = options;
  const { privateKey, published } = readDecisionKey(options.privateJwk, keyId);
  const keys = [published, ...earlier.filter((key) => key.kid !== keyId)];
  return {
    sign: (claims) =>
      new SignJWT({ ...claims, iss: issuer })
        .setProtectedHeader({ alg: 'EdDSA', kid: keyId, typ: DECISION_TYPE })
        .sign(privateKey),
    jwks: () => ({ keys }),
  };
}
