import type { Verdict } from '#domain/bypass/verdict';
import type { PersonId } from '#domain/ids';
import type { CompletionView } from '../ports/card.ts';
import type { EntryRow, TenantReads } from '../ports/tenant-store.ts';
import { directoryOf } from './load-card.ts';

interface Said {
  readonly by: PersonId;
  readonly verdict?: Verdict;
  readonly followUps?: number;
}

/** What the entry that completes a review says; `null` if there is none. */
export async function completionView(
  tx: Pick<TenantReads, 'people'>,
  entries: readonly EntryRow[],
): Promise<CompletionView | null> {
  const entry = entries.find((one) => one.type === 'post-mortem.completed');
  if (entry === undefined) return null;
  const { predicate } = JSON.parse(new TextDecoder().decode(entry.statement)) as {
    readonly predicate: { readonly event: Said };
  };
  const { by, verdict = null, followUps: followUpCount = 0 } = predicate.event;
  const { outcome = null, followUps = null } = entry.openings;
  return {
    by: directoryOf(await tx.people([by]))(by),
    verdict,
    outcome,
    followUpCount,
    followUps: followUps?.split('\n') ?? null,
  };
}
