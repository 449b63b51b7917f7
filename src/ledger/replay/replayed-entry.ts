import type { Digest } from '../digest.ts';
import type { RecordedBypassEvent, RecordedEvent, RecordedOf } from '../recorded-event.ts';
import type { Bypass } from '#domain/bypass/chain';
import type { DigestText } from '#domain/ids';
import type { Policy } from '#domain/policy/policy';
import type { ChainRecord } from './chain-record.ts';
import type { Broken } from './violation.ts';

/** An entry as the replay takes it: in the order of the log, times in epoch milliseconds. */
export interface ReplayedEntry {
  readonly index: number;
  /** Of the entry's statement. */
  readonly digest: Digest;
  readonly followsFrom: readonly Digest[];
  readonly event: RecordedEvent;
}

/** What the rules for one event of a bypass look at beside it, and where they tell what it breaks. */
export interface Moment {
  readonly chain: ChainRecord;
  /** The version in force at this place of the log; `null` where there is none, or none is known. */
  readonly inForce: DigestText | null;
  /** The latest entry that may have put a version in force and cannot be read; `null` if there is none since one was. */
  readonly unreadAt: number | null;
  /** `undefined` for a version whose content is not in the export. */
  readonly policyOf: (digest: DigestText) => Policy | undefined;
  /** Any bypass of the tenant, as it stands at this place of the log. */
  readonly bypassOf: (
    id: string,
  ) => { readonly bypass: Bypass; readonly drill: boolean } | undefined;
  readonly broken: Broken;
}

export type BypassEventOf<Type extends RecordedBypassEvent['type']> = Extract<
  RecordedOf<Type>,
  RecordedBypassEvent
>;
