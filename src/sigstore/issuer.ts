import { Hono } from 'hono';
import { importJWK, SignJWT } from 'jose';
import { publicIssuerKey } from './issuer-key.ts';
import type { IssuerKey } from './issuer-key.ts';
import { isSafeAddress } from './safe-address.ts';

export { generateIssuerKey, readIssuerKey } from './issuer-key.ts';
export type { IssuerKey } from './issuer-key.ts';

export interface IssuerOptions {
  /** What stands in `iss`: https (http only on loopback), no query, no slash at the end. */
  readonly issuerUrl: string;
  /**
   * The first one signs; the others are published: one that follows it, and former ones until the
   * last token that they signed has expired. A function is asked each time.
   */
  readonly keys: readonly IssuerKey[] | (() => readonly IssuerKey[]);
}

export interface TokenRequest {
  /** Becomes certificate extension 1.3.6.1.4.1.57264.1.24: the statement's digest. */
  readonly sub: string;
  /** The approver's address. Left out for `uri` identities, whose name is `sub`. */
  readonly email?: string;
  readonly audience?: string;
  readonly now: Date;
  /** Seconds; default 60. */
  readonly ttlS?: number;
  /** Never the same twice. */
  readonly jti: string;
}

/** The service as an OpenID Connect issuer. */
export interface Issuer {
  readonly issuerUrl: string;
  /** A signed ID token (JWT, ES256). Secret until it has expired. */
  mintToken(request: TokenRequest): Promise<string>;
  /** Discovery document and key set, to be mounted at the path of `issuerUrl`. */
  routes(): Hono;
}

const DEFAULT_AUDIENCE = 'sigstore';
const DEFAULT_TTL_S = 60;
const JWKS_PATH = '/.well-known/jwks.json';

/**
 * Makes the issuer of broker mode. Its tokens say that the service vouches for an act of the
 * person named; they prove no sign-in of theirs.
 * Throws TypeError for an unusable URL or an empty key list.
 */
export function createIssuer({ issuerUrl, keys }: IssuerOptions): Issuer {
  checkIssuerUrl(issuerUrl);
  const published = typeof keys === 'function' ? keys : (): readonly IssuerKey[] => keys;
  const current = (): IssuerKey => {
    const [first] = published();
    if (first === undefined) throw new TypeError('an issuer needs a key');
    return first;
  };
  current();
  return {
    issuerUrl,
    mintToken: (request) => mintToken(issuerUrl, current(), request),
    routes: () => issuerRoutes(issuerUrl, published),
  };
}

async function mintToken(issuer: string, key: IssuerKey, request: TokenRequest): Promise<string> {
  const { sub, email, audience = DEFAULT_AUDIENCE, now, ttlS = DEFAULT_TTL_S, jti } = request;
  // An empty `sub` would give a certificate that is bound to no statement.
  if (sub === '' || jti === '') throw new TypeError('a token needs a subject and an id');
  const issuedAt = Math.floor(now.getTime() / 1000);
  return await new SignJWT(email === undefined ? {} : { email, email_verified: true })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(sub)
    .setJti(jti)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + ttlS)
    .sign(await importJWK({ ...key }, 'ES256'));
}

// OpenID Connect Discovery 1.0 §3. No authorization endpoint: nobody signs in here.
function issuerRoutes(issuerUrl: string, keys: () => readonly IssuerKey[]): Hono {
  const app = new Hono();
  const headers = { 'cache-control': 'public, max-age=300' };
  const discovery = {
    issuer: issuerUrl,
    jwks_uri: `${issuerUrl}${JWKS_PATH}`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    // Fulcio takes a missing list to mean RS256 alone.
    id_token_signing_alg_values_supported: ['ES256'],
    claims_supported: ['iss', 'aud', 'sub', 'exp', 'iat', 'nbf', 'jti', 'email', 'email_verified'],
  };
  app.get('/.well-known/openid-configuration', () => Response.json(discovery, { headers }));
  app.get(JWKS_PATH, () => Response.json({ keys: keys().map(publicIssuerKey) }, { headers }));
  return app;
}

function checkIssuerUrl(issuerUrl: string): void {
  if (!URL.canParse(issuerUrl)) throw new TypeError('the issuer URL does not parse');
  const url = new URL(issuerUrl);
  if (!isSafeAddress(url)) {
    throw new TypeError('the issuer URL must be https, or http on loopback');
  }
  const { search, hash } = url;
  // Verifiers compare the issuer letter by letter, and add the well-known path to it.
  if (search !== '' || hash !== '' || issuerUrl.endsWith('/')) {
    throw new TypeError('the issuer URL must have no query, no fragment and no slash at its end');
  }
}
