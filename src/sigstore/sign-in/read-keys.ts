import { askProvider, PROVIDER_TIMEOUT_MS } from './ask-provider.ts';
import { publishedKeys, type PublicJwk } from './published-keys.ts';
import { SignInFailed } from './sign-in-failed.ts';

/** The provider's JWK Set as it publishes it now. @throws SignInFailed, and what fetch throws. */
export async function readKeys(jwksUri: URL): Promise<readonly PublicJwk[]> {
  const answer = await askProvider(jwksUri.href, {
    method: 'GET',
    headers: { accept: 'application/json, application/jwk-set+json' },
    body: undefined,
    redirect: 'manual',
    signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
  });
  if (answer.status >= 500) throw new SignInFailed('provider-unavailable', 'no keys');
  if (answer.status !== 200) throw new SignInFailed('provider-unusable', 'no keys');
  return publishedKeys(parseJson(await answer.text()));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // `publishedKeys` refuses it, without quoting it.
    return undefined;
  }
}
