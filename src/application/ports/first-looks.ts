import type { DigestText } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { TokenScope } from './directory-store.ts';
import type { ActivatedBypass, PolicyVersion } from './tenant-store.ts';

/** What a question is judged by. */
export interface Sight {
  /** The version in force; `null` before the first. */
  readonly current: PolicyVersion | null;
  /** At least those that open the gate. */
  readonly open: readonly ActivatedBypass[];
  /** The versions they were approved under. */
  readonly versions: ReadonlyMap<DigestText, PolicyVersion>;
  /** The database's clock, read after all else. */
  readonly now: Instant;
}

/** A token that is good, and what its tenant had when it asked. */
export interface FirstLook {
  readonly token: TokenScope;
  readonly sight: Sight;
  /** The deploy is to be stopped, and whether it was is not known yet. */
  readonly isPending: boolean;
}

/** What a question with a token begins with, in one look at the database. */
export interface FirstLooks {
  /**
   * `null` for a token nobody issued, or that has expired or was revoked. Notes that it was used.
   * @param deploy what it is called.
   */
  of(token: string, gate: string, deploy: string): Promise<FirstLook | null>;
}
