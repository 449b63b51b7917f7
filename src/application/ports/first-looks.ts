import type { TokenScope } from './directory-store.ts';
import type { Sight } from './tenant-store.ts';

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
