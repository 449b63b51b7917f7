import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { VerifyJws } from '#ledger/verify/checks';
import type { JwsAlgorithm } from '#ledger/verify/sign-ins/id-token';

/** What a key must be, and how it signs (RFC 7518 §3, RFC 8037 §3.1). */
interface Signing {
  readonly type: 'rsa' | 'ec' | 'ed25519';
  readonly curve?: string;
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  readonly padding?: number;
}

const { RSA_PKCS1_PADDING: PKCS1, RSA_PKCS1_PSS_PADDING: PSS } = constants;

const SIGNING: { readonly [Alg in JwsAlgorithm]: Signing } = {
  RS256: { type: 'rsa', hash: 'sha256', padding: PKCS1 },
  RS384: { type: 'rsa', hash: 'sha384', padding: PKCS1 },
  RS512: { type: 'rsa', hash: 'sha512', padding: PKCS1 },
  PS256: { type: 'rsa', hash: 'sha256', padding: PSS },
  PS384: { type: 'rsa', hash: 'sha384', padding: PSS },
  PS512: { type: 'rsa', hash: 'sha512', padding: PSS },
  ES256: { type: 'ec', curve: 'prime256v1', hash: 'sha256' },
  ES384: { type: 'ec', curve: 'secp384r1', hash: 'sha384' },
  ES512: { type: 'ec', curve: 'secp521r1', hash: 'sha512' },
  EdDSA: { type: 'ed25519', hash: null },
};

/** RFC 7518 §3.3: a key of 2048 bits or more. */
const SHORTEST_RSA = 2_048;

/** Verifies a JWS signature with a public JWK; anything that is not such a key verifies nothing. */
export const verifyJws: VerifyJws = (jwk, alg, signingInput, signature) => {
  const { hash, padding, ...needed } = SIGNING[alg];
  try {
    const key = createPublicKey({ key: Object(jwk), format: 'jwk' });
    if (!fits(key, needed)) return false;
    const how =
      padding === undefined
        ? ({ key, dsaEncoding: 'ieee-p1363' } as const)
        : {
            key,
            padding,
            ...(padding === PSS ? { saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}),
          };
    return verify(hash, signingInput, how, signature);
  } catch {
    // OpenSSL throws for some of what is no key or no signature.
    return false;
  }
};

function fits(
  { asymmetricKeyType, asymmetricKeyDetails }: KeyObject,
  { type, curve }: Pick<Signing, 'type' | 'curve'>,
): boolean {
  if (asymmetricKeyType !== type) return false;
  if (type === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= SHORTEST_RSA;
  return curve === undefined || asymmetricKeyDetails?.namedCurve === curve;
}
