import type { Instant } from '#domain/instant';

/** What a token's issuer says of who carries it, as JSON. */
export type Claims = Readonly<Record<string, unknown>>;

/** Tokens of the callers' own issuers (OpenID Connect Core §2). */
export interface CallerTokens {
  /** What a token says of itself, not verified; `null` for one that is no JWT or has several audiences. */
  read(token: string): { readonly issuer: string; readonly audience: string } | null;
  /**
   * Its claims, if the issuer signed them and they hold at `now`; `null` for any other token.
   * Rejects with IssuerUnavailable where the issuer's keys cannot be had in time.
   */
  verify(
    token: string,
    expected: { readonly issuer: string; readonly audience: string; readonly now: Instant },
  ): Promise<Claims | null>;
}
