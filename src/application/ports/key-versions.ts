/** What a tenant's key signs: checkpoints, or the service's own entries. */
export type KeyPurpose = 'log' | 'service';

/** Which keys of a tenant are in force, counted from 1. A version never changes. */
export type KeyVersions = { readonly [Purpose in KeyPurpose]: number };
