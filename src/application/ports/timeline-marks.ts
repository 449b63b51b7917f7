import type { BypassId, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Account } from './account.ts';

/** The longest text of a mark, in characters; what is longer is cut. */
export const MARK_MOST = 1_000;
/** How many messages a timeline takes from its thread. */
export const MARKS_MOST = 100;

/** A message of a card's thread that somebody took into the timeline. */
export interface TimelineMark {
  readonly bypass: BypassId;
  /** As Slack calls it in its channel: one message is taken once. */
  readonly ts: string;
  /** Who wrote it; `null` where that is no person. */
  readonly author: Account | null;
  /** Who took it. */
  readonly by: PersonId;
  /** As typed; `null` once erased. */
  readonly said: string | null;
  readonly saidAt: Instant;
}

export interface MarkReads {
  /** Those of these bypasses, in the order in which they were said. */
  marksOf(bypasses: readonly BypassId[]): Promise<readonly TimelineMark[]>;
  /** The bypass whose card is this message; `null` if it is none's. */
  bypassShownAt(channel: string, ts: string): Promise<BypassId | null>;
}

export interface MarkWrites {
  /** `false` where the message was taken already. */
  addMark(mark: TimelineMark & { readonly said: string }): Promise<boolean>;
}
