import type { BypassEvent } from '#domain/bypass/event';
import type { TenantEvent } from '#domain/tenant-event';
import type { Digest } from './digest.ts';

export type EntryEvent = BypassEvent | TenantEvent;

/** What becomes one signed record. */
export interface EntryDraft {
  readonly tenant: string;
  /** The log's origin line (C2SP checkpoint), so that an entry fits no other log. */
  readonly log: string;
  /** Statement digests of the entries that this one rests on. */
  readonly followsFrom: readonly Digest[];
  readonly event: EntryEvent;
}
