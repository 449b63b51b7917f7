import type { Instant } from '#domain/instant';

/** What a token's issuer says of who carries it, as JSON. */
export type Claims = Readonly<Record<string, unknown>>;

/** What is wrong with a token of an issuer, as far as the token alone tells. */
export type TokenFault =
  /** It is for others, or for others too. */
  | 'audience'
  | 'algorithm'
  /** Its issuer is none of the tenant's, or did not sign it. */
  | 'not-verified'
  /** It is genuine, and has expired or is not valid yet. */
  | 'outdated';

/** What a token says of itself. */
export interface UnverifiedToken {
  readonly issuer: string;
  readonly audience: string;
}

interface FaultyToken {
  readonly fault: TokenFault;
}

/** Tokens of the callers' own issuers (OpenID Connect Core §2). */
export interface CallerTokens {
  /** What a token says of itself, at no cost: nothing is looked up. `null` for one that is no JWT. */
  read(token: string): UnverifiedToken | FaultyToken | null;
  /**
   * Its claims, if the issuer signed them and they hold at `now`. Rejects with IssuerUnavailable where
   * the issuer's keys cannot be had in time.
   */
  verify(
    token: string,
    expected: UnverifiedToken & { readonly now: Instant },
  ): Promise<{ readonly claims: Claims } | FaultyToken>;
}
