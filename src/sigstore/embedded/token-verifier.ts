import { createHash } from 'node:crypto';
import { compactVerify, decodeJwt, errors } from 'jose';
import { issuerKeys } from './issuer-keys.ts';
import type { FindKeys } from './issuer-keys.ts';
import { judgeClaims } from './token-claims.ts';
import type { AcceptedClaims, TokenRefusal, TrustedIssuer } from './token-claims.ts';

/** A token that is good, and the name under which it counts as used. */
export interface VerifiedToken extends AcceptedClaims {
  readonly useId: string;
}

/** Never throws for what is in the token; never puts any of it in a refusal. */
export type VerifyToken = (token: string, now: Date) => Promise<VerifiedToken | TokenRefusal>;

/** Verifies identity tokens of the listed issuers, with the keys that they publish. */
export function tokenVerifier(issuers: readonly TrustedIssuer[]): VerifyToken {
  const findKeys = issuerKeys();
  return async (token, now) => {
    const name = claimedIssuer(token);
    if (name === undefined) return 'malformed';
    // Only listed issuers are ever asked: the token's own word must not choose what we fetch.
    const issuer = issuers.find((candidate) => candidate.issuer === name);
    if (issuer === undefined) return 'issuer-not-trusted';
    const payload = await signedPayload(token, issuer, findKeys);
    if (typeof payload === 'string') return payload;
    const judged = judgeClaims(payload.claims, issuer, now);
    if (typeof judged === 'string') return judged;
    return { ...judged, useId: useId(issuer, judged, token) };
  };
}

async function signedPayload(
  token: string,
  issuer: TrustedIssuer,
  findKeys: FindKeys,
): Promise<{ readonly claims: unknown } | TokenRefusal> {
  const found = await findKeys(issuer.issuer);
  if (found === undefined) return 'issuer-unreachable';
  try {
    const { payload } = await compactVerify(token, found.keys, {
      algorithms: [...found.algorithms],
    });
    return { claims: JSON.parse(new TextDecoder().decode(payload)) };
  } catch (error) {
    return refusalOf(error);
  }
}

// The errors themselves are dropped: jose's and JSON.parse's quote what they were given.
function refusalOf(error: unknown): TokenRefusal {
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm-not-allowed';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature-invalid';
  if (error instanceof errors.JWKSNoMatchingKey) return 'signature-invalid';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'signature-invalid';
  if (error instanceof errors.JWSInvalid || error instanceof SyntaxError) return 'malformed';
  if (error instanceof errors.JOSENotSupported) return 'malformed';
  // What is left is the key set not being had: a time-out, a refused connection, no JSON.
  return 'issuer-unreachable';
}

function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

// Providers that give no jti have their tokens told apart by the tokens' own digests.
function useId(issuer: TrustedIssuer, claims: AcceptedClaims, token: string): string {
  const own = claims.tokenId ?? `sha256:${createHash('sha256').update(token).digest('hex')}`;
  return JSON.stringify([issuer.issuer, own]);
}
