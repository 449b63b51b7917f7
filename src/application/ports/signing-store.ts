import type { TenantId } from '#domain/ids';
import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';

/** What a signature under way is for. */
export interface SigningSubject {
  /** An approval by its press; a provisional entry, attested late, by its statement's digest. */
  readonly kind: 'approval' | 'late';
  readonly about: string;
}

/** How far a signature came. Nothing in it is secret, and nothing in it can sign again. */
export interface StoredSigning extends SigningSubject {
  /** What the statement was composed from and would change with the next try. */
  readonly facts: unknown;
  readonly statement: Uint8Array;
  readonly digest: Digest;
  /** The attester's; `null` to begin anew. */
  readonly stage: JsonValue | null;
}

/** Signatures under way, each written in a transaction of its own. A commit takes away its own. */
export interface SigningStore {
  find(tenant: TenantId, subject: SigningSubject): Promise<StoredSigning | null>;
  save(tenant: TenantId, signing: StoredSigning): Promise<void>;
}
