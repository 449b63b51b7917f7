import { createRemoteJWKSet } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

/** What is needed to check one issuer's signatures. */
export interface IssuerKeys {
  readonly algorithms: readonly string[];
  readonly keys: JWTVerifyGetKey;
}

/** Undefined: the issuer did not answer, or not with a discovery document of its own. */
export type FindKeys = (issuer: string) => Promise<IssuerKeys | undefined>;

const TIMEOUT_MS = 3000;
const KEEP_MS = 5 * 60_000;
const COOLDOWN_MS = 5000;
// Public-key algorithms alone: with an HMAC the published key would be the secret.
const ALGORITHMS = ['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA', 'Ed25519'];

const discovery = z.looseObject({
  issuer: z.string(),
  jwks_uri: z.url({ protocol: /^https?$/ }),
  id_token_signing_alg_values_supported: z.array(z.string()).default(['RS256']),
});

/** Finds issuers' keys by OpenID Connect Discovery 1.0 and keeps each document for five minutes. */
export function issuerKeys(): FindKeys {
  const known = new Map<string, { readonly keys: IssuerKeys; readonly until: number }>();
  return async (issuer) => {
    const kept = known.get(issuer);
    if (kept !== undefined && kept.until > performance.now()) return kept.keys;
    const keys = await discover(issuer);
    if (keys !== undefined) known.set(issuer, { keys, until: performance.now() + KEEP_MS });
    return keys;
  };
}

async function discover(issuer: string): Promise<IssuerKeys | undefined> {
  const document = await fetchDocument(issuer);
  // Discovery §4.3: the document must name the very issuer that was asked.
  if (document === undefined || document.issuer !== issuer) return undefined;
  const supported = document.id_token_signing_alg_values_supported;
  const keys = createRemoteJWKSet(new URL(document.jwks_uri), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
  });
  return { algorithms: ALGORITHMS.filter((name) => supported.includes(name)), keys };
}

async function fetchDocument(issuer: string): Promise<z.infer<typeof discovery> | undefined> {
  try {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return undefined;
    return discovery.safeParse(await response.json()).data;
  } catch {
    // No answer, or none that is JSON: both are «unreachable» to whoever holds the token.
    return undefined;
  }
}
