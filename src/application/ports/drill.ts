import type { BypassId, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';

/** The steps of a drill that are measured, in the order in which they are told. */
export const DRILL_STEPS = [
  /** The request stood in the log. */
  'recorded',
  /** Its card stood in the incident channel, or with its requester. */
  'shown',
  /** The first approver had the message that asks them. */
  'asked',
  /** The first page was taken by whoever pages. */
  'paged',
  /** Somebody said that they look at it. */
  'claimed',
  /** The first approval was pressed. */
  'approved',
  /** The gate would have opened. */
  'activated',
  /** It was over. */
  'ended',
] as const;

export interface DrillStep {
  readonly step: (typeof DRILL_STEPS)[number];
  /** From the requester's press; `null` for what did not happen. */
  readonly afterMs: number | null;
}

/** What rows know of a drill and its entries do not say. On the database's clock; `null` for never. */
export interface DrillTimes {
  /** When its form was sent. */
  readonly pressedAt: Instant | null;
  readonly shownAt: Instant | null;
  readonly askedAt: Instant | null;
  readonly pagedAt: Instant | null;
  readonly claimedAt: Instant | null;
}

export interface DrillReads {
  drillTimes(bypass: BypassId, requester: PersonId, openedAt: Instant): Promise<DrillTimes>;
}

export interface DrillWrites {
  /** Has it said in the thread of the drill's card how long each step took. */
  sayDrillReport(bypass: BypassId): Promise<void>;
}
