import { isOpen, type Chain } from '#domain/bypass/chain';
import type { BypassId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Digest } from '../digest.ts';
import type { RecordedBypassEvent, RecordedOf } from '../recorded-event.ts';
import type { Head } from './rests-on.ts';

/** What the rules ask of the event before. */
export type LastEvent =
  | RecordedOf<'approval.given'>
  | Pick<RecordedOf<'deploy.finished'>, 'type' | 'bypass' | 'deploy'>
  | {
      readonly type: Exclude<RecordedBypassEvent['type'], 'approval.given' | 'deploy.finished'>;
      readonly bypass: BypassId;
    };

/** All that the replay keeps of a chain. */
export interface ChainRecord {
  readonly state: Chain;
  /** The digest of the statement that opened each request: what its approvals must name. */
  readonly openedBy: ReadonlyMap<BypassId, Digest>;
  /** The latest time of an entry, or of a look-up that an approval rests on, so far. */
  readonly latestAt: Instant;
  readonly lastEvent: LastEvent;
  /** Those of its entries that later ones must name as what they follow from. */
  readonly heads: readonly Head[];
  /** The latest close, by its place in the log; `null` before the first. */
  readonly closed: { readonly bypass: BypassId; readonly index: number } | null;
  /** When nothing could open the gate any more; `null` while something can, or none ever did. */
  readonly settledAt: Instant | null;
  /** Deploys that a close has still to hand over or to put back under enforcement. */
  readonly unended: ReadonlySet<string>;
  /**
   * The entry that each deadline runs from: a request's opening, then its activation, by bypass; a
   * deploy's pending revert by `deployKey`.
   */
  readonly since: ReadonlyMap<string, { readonly index: number; readonly at: Instant }>;
  /** A missing post-mortem is said once. */
  readonly missingSaid: boolean;
}

/** The gate was open, and nothing of the chain can open it again. */
export function isSettled(chain: Chain): boolean {
  const opened = chain.bypasses.some((one) => one.phase === 'active' || one.phase === 'closed');
  return opened && !chain.bypasses.some(isOpen);
}

/** Whether the chain's next entry must be its post-mortem, the ends of its deploys aside. */
export function owesPostMortem({ state, missingSaid }: ChainRecord): boolean {
  return !state.drill && state.postMortem === null && !missingSaid && isSettled(state);
}

/** `<bypass> <deploy>`: two bypasses of a chain can know the same deploy. */
export const deployKey = (bypass: string, deploy: string): string => `${bypass} ${deploy}`;
