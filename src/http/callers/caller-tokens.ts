import { compactVerify, decodeJwt, decodeProtectedHeader, errors, type JWTPayload } from 'jose';
import type { CallerTokens, Claims } from '#application/ports/callers';
import { issuerKeys, type IssuerKeysOptions } from './issuer-keys.ts';

/** Signatures of public keys alone: with a shared secret, whoever verifies could sign. */
const ALGORITHMS = ['RS256', 'ES256'];
const LEEWAY_S = 60;

/**
 * Verifies tokens of CI systems and clusters (OpenID Connect Core §3.1.3.7): the issuer's own keys, as
 * it publishes them, issuer and audience letter by letter, and time within a minute. What a token's
 * header names besides its key id (`jku`, `x5u`, `jwk`) is not looked at.
 */
export function callerTokens(options: IssuerKeysOptions): CallerTokens {
  const keysOf = issuerKeys(options);
  return {
    read(token) {
      const said = unverified(token);
      if (said === null) return null;
      if (!ALGORITHMS.includes(said.alg)) return { fault: 'algorithm' };
      const audience = audienceOf(said.payload.aud);
      if (audience === null) return { fault: 'audience' };
      const { iss: issuer } = said.payload;
      return typeof issuer === 'string' ? { issuer, audience } : { fault: 'not-verified' };
    },
    async verify(token, { issuer, audience, now }) {
      const keys = await keysOf(issuer);
      const claims = await signedClaims(token, keys);
      if (claims === null || claims['iss'] !== issuer) return { fault: 'not-verified' };
      if (audienceOf(claims['aud']) !== audience) return { fault: 'audience' };
      return isNow(claims, now / 1_000) ? { claims } : { fault: 'outdated' };
    },
  };
}

/** One audience: a token that is meant for others, too, could be sent on by each of them. */
function audienceOf(aud: unknown): string | null {
  const [one, ...others] = [aud].flat();
  return typeof one === 'string' && others.length === 0 ? one : null;
}

function isNow({ exp, nbf }: Claims, nowS: number): boolean {
  if (typeof exp !== 'number' || nowS >= exp + LEEWAY_S) return false;
  return nbf === undefined || (typeof nbf === 'number' && nowS >= nbf - LEEWAY_S);
}

async function signedClaims(
  token: string,
  keys: Parameters<typeof compactVerify>[1],
): Promise<Claims | null> {
  try {
    const { payload } = await compactVerify(token, keys, { algorithms: ALGORITHMS });
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : null;
  } catch (error) {
    // A token that is wrong; the errors quote it, so none of them is kept.
    if (error instanceof errors.JOSEError || error instanceof SyntaxError) return null;
    // A published key that is no key for this algorithm, such as one that is too short.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function unverified(token: string): { readonly alg: string; readonly payload: JWTPayload } | null {
  try {
    const { alg } = decodeProtectedHeader(token);
    return { alg: alg ?? 'none', payload: decodeJwt(token) };
  } catch {
    // No JWT, then.
    return null;
  }
}
