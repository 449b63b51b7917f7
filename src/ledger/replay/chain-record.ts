import { isOpen, type Chain } from '#domain/bypass/chain';
import type { BypassId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Digest } from '../digest.ts';
import type { RecordedBypassEvent } from '../recorded-event.ts';
import type { Head } from './rests-on.ts';

type Type = RecordedBypassEvent['type'];

/** What the rules ask of the event before. */
export type LastEvent =
  | {
      readonly type: 'approval.given';
      readonly bypass: BypassId;
      readonly at: Instant;
      readonly steppedUp: boolean;
      /** When its look-ups were made. */
      readonly lookedUpAt: readonly Instant[];
    }
  | { readonly type: 'deploy.finished'; readonly bypass: BypassId; readonly deploy: string }
  | {
      readonly type: Exclude<Type, 'approval.given' | 'deploy.finished'>;
      readonly bypass: BypassId;
    };

/**
 * All that the replay keeps of a chain. It moves on in place: a copy for every entry would be most of
 * what a replay takes.
 */
export interface ChainRecord {
  state: Chain;
  /** The digest of the statement that opened each request: what its approvals must name. */
  readonly openedBy: Map<BypassId, Digest>;
  /** The latest time of an entry, or of a look-up that an approval rests on, so far. */
  latestAt: Instant;
  lastEvent: LastEvent;
  /** Those of its entries that later ones must name as what they follow from. */
  readonly heads: Head[];
  /** The latest close, by its place in the log; `null` before the first. */
  closed: { readonly bypass: BypassId; readonly index: number } | null;
  /** When nothing could open the gate any more; `null` while something can, or none ever did. */
  settledAt: Instant | null;
  /** Deploys that a close has still to hand over or to put back under enforcement. */
  unended: ReadonlySet<string>;
  /**
   * The entry that each deadline runs from: a request's opening, then its activation, by bypass; a
   * deploy's pending revert by `keyInChain`.
   */
  readonly since: Map<string, { readonly index: number; readonly at: Instant }>;
  /** A missing post-mortem is said once. */
  missingSaid: boolean;
}

/** The gate was open, and nothing of the chain can open it again. */
export function isSettled({ bypasses }: Chain): boolean {
  const opened = bypasses.some((one) => one.phase === 'active' || one.phase === 'closed');
  return opened && !bypasses.some(isOpen);
}

/** Whether the chain's next entry must be its post-mortem, the ends of its deploys aside. */
export function owesPostMortem({ state, missingSaid }: ChainRecord): boolean {
  return !state.drill && state.postMortem === null && !missingSaid && isSettled(state);
}

/** `<bypass> <deploy>`: two bypasses of a chain can know the same deploy. */
export const keyInChain = (bypass: string, deploy: string): string => `${bypass} ${deploy}`;
