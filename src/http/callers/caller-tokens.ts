import { compactVerify, decodeJwt, errors, type JWTPayload } from 'jose';
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
      const { iss, aud } = unverified(token) ?? {};
      const audience = audienceOf(aud);
      return iss === undefined || audience === null ? null : { issuer: iss, audience };
    },
    async verify(token, { issuer, audience, now }) {
      const keys = await keysOf(issuer);
      const claims = await signedClaims(token, keys);
      if (claims === null || claims['iss'] !== issuer) return null;
      if (audienceOf(claims['aud']) !== audience) return null;
      return isNow(claims, now / 1_000) ? claims : null;
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
    throw error;
  }
}

function unverified(token: string): JWTPayload | null {
  try {
    return decodeJwt(token);
  } catch {
    // No JWT, then.
    return null;
  }
}
