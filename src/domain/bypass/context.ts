import type { BypassId, DigestText, PersonId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Opening } from '../opened-gates.ts';
import type { LookUp, Standing } from '../policy/look-up.ts';
import type { OwedReview } from '../policy/overdue-review.ts';
import type { Policy } from '../policy/policy.ts';
import type { Scope } from '../scope.ts';

/** Time, identity and what was looked up: all that a decision may rely on beside the state. */
export interface Context {
  /** The database's clock at the moment of judging. */
  readonly now: Instant;
  /** The digest of the policy version in force. */
  readonly current: DigestText;
  /** The version in force, and the one the request was made under. */
  readonly policies: Readonly<Record<DigestText, Policy>>;
  readonly lookUps: readonly LookUp[];
  /** Everyone who acts or has approved; whoever is missing is `unknown`. */
  readonly standings: Readonly<Record<PersonId, Standing>>;
  /**
   * Those whose standing is `member` because they signed in at the identity provider, and when: the
   * workspace could not be asked.
   */
  readonly vouched?: Readonly<Record<PersonId, Instant>>;
  /** Requests of the requester that wait now. */
  readonly waiting: number;
  /** Requests that the requester made in the last 24 h, whatever became of them. */
  readonly askedToday: number;
  /** What the service that is asked for owes; looked up where the policy makes it count. */
  readonly owed?: OwedReview | null;
  /** The digest of the statement that opened the request. */
  readonly requestDigest: DigestText | null;
  /** Other active bypasses of the tenant, any gate; candidates to adopt a deploy in flight. */
  readonly others: readonly OtherBypass[];
  /** Until when each deploy's lease lives, by its key; a deploy without one has lapsed. */
  readonly leases: Readonly<Record<string, Instant>>;
}

export interface OtherBypass extends Opening {
  readonly id: BypassId;
  readonly scope: Scope;
  readonly drill: boolean;
  readonly expiresAt: Instant;
}
