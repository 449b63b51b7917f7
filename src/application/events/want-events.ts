import type { Chain } from '#domain/bypass/chain';
import type { BypassEvent } from '#domain/bypass/event';
import type { Digest } from '#ledger/digest';
import type { WantedEvent } from '../ports/events.ts';
import type { TenantWrites } from '../ports/tenant-store.ts';
import { cdEventOf, ownType } from './event-types.ts';

/** A chain as a commit left it, with what the commit added and the digests of those entries. */
interface ChangedChain {
  readonly chain: Chain;
  readonly events: readonly BypassEvent[];
  readonly known: readonly { readonly digest: Digest }[];
}

/**
 * Leaves what webhooks are to hear of a commit, in its transaction: so each event is delivered at
 * least once, and none of what was rolled back. A tenant without webhooks pays nothing for it.
 */
export async function wantEvents(
  tx: Pick<TenantWrites, 'log' | 'wantEvents'>,
  { chain, events, known }: ChangedChain,
): Promise<void> {
  // Receivers count and act on what they hear: a rehearsal is for people, and for the log.
  if (!tx.log.hasWebhooks || chain.drill) return;
  // The entries that this commit adds are the last ones known.
  const digests = known.slice(known.length - events.length).map((one) => one.digest);
  const wanted = events.flatMap((event, place) => {
    const entry = digests[place];
    return entry === undefined ? [] : eventsOf(event, entry, chain);
  });
  await tx.wantEvents(wanted);
}

function eventsOf(event: BypassEvent, entry: Digest, chain: Chain): readonly WantedEvent[] {
  const own = { id: entry, type: ownType(event.type), entry, deployed: null };
  const cdEvent = cdEventOf(event, chain);
  // Source and id name one event, so the second one of an entry has an id of its own.
  return cdEvent === null ? [own] : [own, { id: `${entry}/cdevents`, entry, ...cdEvent }];
}
