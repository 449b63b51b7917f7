import type { Instant } from '#domain/instant';
import type { EnforceReason } from '#domain/decision';
import type { InFlight } from '#domain/policy/policy';
import type { NotAdmitted } from './not-admitted.ts';

/** Why an answer is `enforce` beyond what the domain decides: something of ours went wrong, or the caller may not ask. */
export type AnswerReason =
  | EnforceReason
  | 'bypassed'
  | 'not-authorised'
  /** The body says another thing than the token's claims. */
  | 'facts-differ'
  | 'unavailable'
  /** Another token or caller asked for this deploy first: only that one goes on with it. */
  | 'begun-by-another'
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
  /** With `not-authorised` and `facts-differ`, for a token of an issuer. */
  readonly notAdmitted?: NotAdmitted;
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
