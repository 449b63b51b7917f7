import type { BypassEvent } from '#domain/bypass/event';
import type { Digest } from '#ledger/digest';
import type { ProvenanceWrites } from '../ports/provenance.ts';

/** What a commit added to a chain, with the digests of those entries at the end of `known`. */
interface ChangedChain {
  readonly events: readonly BypassEvent[];
  readonly known: readonly { readonly digest: Digest }[];
}

/** Has the provenance looked at that the deploys of a commit name, once the commit stands. */
export async function wantProvenance(
  tx: ProvenanceWrites,
  { events, known }: ChangedChain,
): Promise<void> {
  const first = known.length - events.length;
  for (const [place, event] of events.entries()) {
    const entry = known[first + place];
    if (event.type !== 'deploy.annotated' || event.provenance === undefined) continue;
    if (entry !== undefined) await tx.enqueueProvenance(entry.digest);
  }
}
