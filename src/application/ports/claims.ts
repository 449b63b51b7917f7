import type { BypassId, PersonId } from '#domain/ids';
import { MINUTE_MS, type Instant } from '#domain/instant';

/** How long somebody who said so is taken to look at a request. */
export const CLAIM_MS = 10 * MINUTE_MS;

/** Somebody said that they look at a request. It binds nobody, and lapses by itself. */
export interface Claim {
  readonly person: PersonId;
  readonly claimedAt: Instant;
  readonly until: Instant;
}

export interface ClaimReads {
  /** Everybody's last, the lapsed ones included, in the order in which they were made. */
  claimsOf(bypass: BypassId): Promise<readonly Claim[]>;
}

export interface ClaimWrites {
  /** Until so long from now; its cards change once it has lapsed. */
  claim(bypass: BypassId, person: PersonId, forMs: number): Promise<void>;
  /** One that there is lapses now. */
  endClaim(bypass: BypassId, person: PersonId): Promise<void>;
}
