import type { Instant } from '#domain/instant';
import type { LookUp, Standing } from '#domain/policy/look-up';

/** What was looked up before the commit, outside any transaction. */
export interface Facts {
  readonly lookUps: readonly LookUp[];
  readonly standings: Readonly<Record<string, Standing>>;
  /** Those whose standing rests on their sign-in, and when that was: the workspace did not answer. */
  readonly vouched?: Readonly<Record<string, Instant>>;
}

export const NO_FACTS: Facts = { lookUps: [], standings: {} };
