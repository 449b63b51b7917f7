import type { Instant } from '#domain/instant';

/** Keys of the installation that others fetch: of identity tokens, and of signed decisions. */
export type InstallationKeyPurpose = 'issuer' | 'decision';

export interface StoredKey {
  /** Counted from 1. */
  readonly version: number;
  readonly madeAt: Instant;
  /** `null` for the first, which signs from the start. */
  readonly signsFrom: Instant | null;
}

export interface OpenedKey extends StoredKey {
  readonly secret: Uint8Array;
}

/** As of one moment of the database's clock, by version. */
export interface InstallationKeys {
  readonly now: Instant;
  readonly keys: readonly OpenedKey[];
}

export interface InstallationKeyStore {
  read(purpose: InstallationKeyPurpose): Promise<InstallationKeys>;
  /**
   * Stores a key under this version, to sign once the time is over. `false` if that version is
   * there already: of two replicas that add one at once, one does.
   */
  add(
    purpose: InstallationKeyPurpose,
    version: number,
    secret: Uint8Array,
    leadMs: number,
  ): Promise<boolean>;
}
