import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { AnswerTooLarge } from './ask-provider.ts';
import type { ProviderFailureCode } from '#application/ports/identity-provider';
import { SignInFailed } from './sign-in-failed.ts';

// Codes as RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6 have them: short, ASCII, no secrets.
const OAUTH_CODE = /^[a-z_]{1,64}$/;

/**
 * What a failure inside the OpenID Connect library means here. Its errors carry claims, bodies and
 * parameters, tokens among them, so neither they nor their texts are kept: at most a code.
 *
 * @throws whatever is no failure of a provider: a mistake of ours.
 */
export function failureOf(error: unknown): SignInFailed {
  if (error instanceof SignInFailed) return error;
  if (error instanceof AuthorizationResponseError) return denied(error.error);
  if (error instanceof ResponseBodyError) {
    return error.status >= 500
      ? new SignInFailed('provider-unavailable', `HTTP ${error.status}`)
      : new SignInFailed('code-refused', oauthCode(error.error));
  }
  const chain = causes(error);
  if (chain.some((one) => one instanceof AnswerTooLarge)) {
    return new SignInFailed('provider-unusable', 'its answer is too large');
  }
  const said = error instanceof ClientError ? error.code : undefined;
  if (chain.some(isSilence)) return new SignInFailed('provider-unavailable', said);
  // The library takes what a provider calls itself for an address without looking.
  if (error instanceof TypeError && 'code' in error && error.code === 'ERR_INVALID_URL')
    return new SignInFailed('provider-unusable', 'its document holds what is no address');
  if (!(error instanceof ClientError)) throw error;
  return new SignInFailed(chain.map(claimFailure).find(Boolean) ?? 'provider-unusable', said);
}

function denied(error: string): SignInFailed {
  return error === 'temporarily_unavailable' || error === 'server_error'
    ? new SignInFailed('provider-unavailable', oauthCode(error))
    : new SignInFailed('sign-in-denied', oauthCode(error));
}

function oauthCode(code: string): string {
  return OAUTH_CODE.test(code) ? code : 'an error of its own';
}

/** An error and what caused it, outermost first. */
function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let at = error; at !== undefined && chain.length < 5; at = causeOf(at)) chain.push(at);
  return chain;
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

/** No connection, no answer in time, or one that says that it cannot answer. */
function isSilence(one: unknown): boolean {
  if (one instanceof Response) return one.status >= 500 || one.status === 429;
  if (one instanceof DOMException) return one.name === 'TimeoutError' || one.name === 'AbortError';
  // What fetch throws where it reaches nobody (the Fetch standard's network error); a TypeError
  // with a code of its own is the library's word that it was called wrongly.
  return one instanceof TypeError && !('code' in one);
}

/** The library judges a token's claims too, and before us; it names the one it fell over. */
function claimFailure(cause: unknown): ProviderFailureCode | undefined {
  const named = typeof cause === 'object' && cause !== null && 'claim' in cause;
  switch (named ? cause.claim : undefined) {
    case 'iss':
      return 'token-issuer';
    case 'aud':
    case 'azp':
      return 'token-audience';
    case 'exp':
      return 'token-expired';
    case 'nonce':
      return 'token-nonce';
    case 'auth_time':
      return 'sign-in-not-fresh';
    default:
      return undefined;
  }
}
