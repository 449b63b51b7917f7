import type { LookUp, Standing } from '#domain/policy/look-up';

/** What was looked up before the commit, outside any transaction. */
export interface Facts {
  readonly lookUps: readonly LookUp[];
  readonly standings: Readonly<Record<string, Standing>>;
}

export const NO_FACTS: Facts = { lookUps: [], standings: {} };
