import type { DecisionJwks } from './decision-signer.ts';
import { methodNotAllowed, type FetchHandler } from './problem.ts';

/** Where clients find the keys of signed decisions (RFC 8615). */
export const DECISION_KEYS_PATH = '/.well-known/breakglass/decision-keys.json';

// A new key is published this long before it signs, or clients refuse what it signed.
const MAX_AGE_S = 300;

/** The JWK Set of the keys that sign decisions (RFC 7517 §5). Public halves only. */
export function decisionKeysRoute(signer: { jwks(): DecisionJwks }): FetchHandler {
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD');
    return Response.json(signer.jwks(), {
      headers: {
        'content-type': 'application/jwk-set+json',
        'cache-control': `public, max-age=${MAX_AGE_S}`,
      },
    });
  };
}
