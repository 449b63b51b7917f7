import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Digest } from '#ledger/digest';
import type { Cosignature } from '#ledger/cosignature';

/** The log's signed head at one size, with what witnesses signed under it. */
export interface StoredCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note as the log signed it. */
  readonly note: string;
  /** Signature lines of witnesses, without newlines. */
  readonly cosignatures: readonly string[];
}

/** A checkpoint that a witness vouches for. */
export interface CosignedCheckpoint {
  readonly size: number;
  /** The note with the cosignatures that are kept of it. */
  readonly note: string;
  /** The earliest time that a witness signed under it. */
  readonly cosignedAt: Instant;
}

/** What stands in the log at one place, as far as its leaf tells. */
export interface StoredLeaf {
  readonly index: number;
  readonly statement: Digest;
  readonly leaf: Uint8Array;
}

/** The log as others ask for it: a handful of rows for each answer, however long the log is. */
export interface LogProofs {
  /** `null` for a log without entries. */
  newest(tenant: TenantId): Promise<StoredCheckpoint | null>;
  /** The newest one that a witness cosigned; `null` where there is none of at least this size. */
  newestCosigned(tenant: TenantId, leastSize: number): Promise<StoredCheckpoint | null>;
  /** `null` where there is no such entry. */
  leaf(tenant: TenantId, index: number): Promise<StoredLeaf | null>;
  /** RFC 6962 §2.1.1. The caller sees to it that index < size ≤ the log's size. */
  inclusion(tenant: TenantId, index: number, size: number): Promise<readonly Uint8Array[]>;
  /** RFC 6962 §2.1.2. The caller sees to it that 0 ≤ oldSize ≤ size ≤ the log's size. */
  consistency(tenant: TenantId, oldSize: number, size: number): Promise<readonly Uint8Array[]>;
}

/** What witnesses signed, kept with the checkpoints. */
export interface CosignatureStore {
  /** Adds what was verified; what is there already stays as it is. */
  add(tenant: TenantId, size: number, cosignatures: readonly Cosignature[]): Promise<void>;
  /**
   * The first cosigned checkpoint that covers the log's first `size` entries; `null` while no
   * witness has vouched for them.
   */
  cosignedSince(tenant: TenantId, size: number): Promise<CosignedCheckpoint | null>;
}
