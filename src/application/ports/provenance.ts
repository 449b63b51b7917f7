import type { Digest } from '#ledger/digest';
import type { Receipt } from './card.ts';

/** What lies at an address that somebody named: hostile until compared with a digest. */
export type Fetched =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** More than is read, or in an encoding of the transfer that digests nothing. */
  | { readonly kind: 'unreadable' }
  /** No answer, or another one than 200: it may come yet. */
  | { readonly kind: 'unreachable' }
  /** Of a kind that is never fetched, or not on the public internet. */
  | { readonly kind: 'not-fetched' };

export interface ProvenanceSource {
  /** One try. Never throws for what the other side does. */
  fetch(uri: string): Promise<Fetched>;
}

/** An entry as its statement stands. */
export interface StoredEntry {
  readonly receipt: Receipt;
  readonly statement: Uint8Array;
  /** What was not erased of its detached values. */
  readonly openings: Readonly<Record<string, string>>;
}

export interface EntryReads {
  /** `null` if the tenant's log has none such. */
  entry(digest: Digest): Promise<StoredEntry | null>;
  /** The newest entries that put a policy in force, at most so many, the last one first. */
  policyEntries(most: number): Promise<readonly StoredEntry[]>;
}

export interface ProvenanceWrites {
  /** Has the provenance looked at that a deploy's entry names. */
  enqueueProvenance(entry: Digest, afterS?: number): Promise<void>;
}
