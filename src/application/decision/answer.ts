import type { Instant } from '#domain/instant';
import type { EnforceReason } from '#domain/decision';
import type { InFlight } from '#domain/policy/policy';

/** Why an answer is `enforce` beyond what the domain decides: something of ours went wrong, or the caller may not ask. */
export type AnswerReason =
  | EnforceReason
  | 'bypassed'
  | 'not-authorised'
  /** The body says another thing than the token's claims. */
  | 'facts-differ'
  | 'unavailable'
  | 'finished';

export interface DecisionAnswer {
  readonly decision: 'bypass' | 'enforce';
  readonly decisionId: string;
  /** The statement digest of the activation that lets this deploy through. */
  readonly bypassEntryId: string | null;
  readonly reason: AnswerReason;
  readonly expiresAt: Instant | null;
  readonly serverTime: Instant;
  /** Seconds after which the deploy should ask again; `null` when nothing can change. */
  readonly recheckAfterS: number | null;
  /** What is to be done with a deploy that runs when its bypass ends; `null` with `enforce`. */
  readonly inFlight: InFlight | null;
}

/** What a signed answer says (RFC 7519 names), so that it fits this question alone. */
export interface DecisionClaims {
  readonly aud: string;
  readonly jti: string;
  readonly nonce: string;
  readonly decision: 'bypass' | 'enforce';
  readonly deploy: string;
  readonly entry: string | null;
  readonly commit: string | null;
  readonly artifact: string | null;
  readonly inFlight: InFlight | null;
  /** Seconds since the epoch; at most 30 s ahead and never past the bypass's expiry. */
  readonly iat: number;
  readonly exp: number;
}
