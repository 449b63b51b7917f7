import type { Instant } from '#domain/instant';
import type { JsonValue } from '#ledger/canonical-json';
import type { VerifiedSignIn } from './sign-in.ts';

/** What was decided when a browser was sent to the provider. All but the address is secret. */
export interface SignInUnderWay {
  /** Comes back with the answer: the handle that `SignIns.begin` gave. */
  readonly state: string;
  /** PKCE (RFC 7636 §4.1). */
  readonly codeVerifier: string;
  /** `signInNonce` of the statement and the key that will sign it. */
  readonly nonce: string;
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
  /** The person must sign in after that. */
  readonly begunAt: Instant;
}

/** An ID token that is what it should be. The token itself is a secret until it has expired. */
export interface SignedIn {
  /** Compact JWS, as the provider gave it. */
  readonly idToken: string;
  readonly signIn: VerifiedSignIn;
  /** The public keys that it was verified with, one of which signed it. */
  readonly keys: readonly JsonValue[];
}

/** The tenant's identity provider, and we as its client. Failures are values; what throws is a fault. */
export interface IdentityProvider {
  /** Letter by letter as `iss` in its tokens. */
  readonly issuer: string;
  readonly client: string;
  /** The public keys that it publishes now. */
  keys(): Promise<{ readonly keys: readonly JsonValue[] } | ProviderFailure>;
  /** Where the person signs in (OpenID Connect Core §3.1.2.1). */
  authorizationUrl(underWay: SignInUnderWay): Promise<{ readonly url: string } | ProviderFailure>;
  /**
   * Redeems the code in the answer's query, once, and judges what it gives: signature, issuer,
   * audience, times, nonce, a fresh sign-in, a verified e-mail.
   *
   * @param now the database's clock.
   */
  redeem(
    underWay: SignInUnderWay,
    query: URLSearchParams,
    now: Instant,
  ): Promise<SignedIn | ProviderFailure>;
  /**
   * Judges a token that one of these clients was given: signature, issuer, audience, times.
   *
   * @param keys verify with these alone; those that the provider publishes now unless given.
   */
  verify(
    idToken: string,
    clients: readonly string[],
    now: Instant,
    keys?: readonly JsonValue[],
  ): Promise<SignedIn | ProviderFailure>;
}

export interface ProviderFailure {
  readonly failed: ProviderFailureCode;
  /** A code of the provider or of the protocol, for the log. Never a token, a secret or a claim. */
  readonly said?: string;
}

export type ProviderFailureCode =
  /** It did not answer, or not in time. */
  | 'provider-unavailable'
  /** Its discovery document or its keys are not what we can work with; operators mend that. */
  | 'provider-unusable'
  /** The person gave up there, or it would not let them in. */
  | 'sign-in-denied'
  /** The answer is not to this sign-in: another state, another provider, no code. */
  | 'answer-refused'
  /** It did not take the code: used already, expired, or another client's; or the client's secret is wrong. */
  | 'code-refused'
  | TokenFailureCode;

/** Why an ID token is not taken. */
export type TokenFailureCode =
  | 'token-malformed'
  | 'token-signature'
  | 'token-issuer'
  | 'token-audience'
  | 'token-expired'
  | 'token-from-the-future'
  | 'token-nonce'
  /** The person did not sign in anew for this; or the provider does not say when they did. */
  | 'sign-in-not-fresh'
  | 'email-missing'
  | 'email-not-verified';
