import { refusedAnswer } from '#domain/bypass/refused-answer';
import type { BypassId, PersonId } from '#domain/ids';
import type { Refusal } from '#domain/refusal';
import { contextFor } from '../commit/context-for.ts';
import type { Facts } from '../commit/facts.ts';
import type { TenantReads } from '../ports/tenant-store.ts';

/** Why this person may not answer a request as it stands now, whatever the answer; `null` if they may. */
export async function refusedNow(
  tx: TenantReads,
  bypass: BypassId,
  by: PersonId,
  facts: Facts,
): Promise<Refusal | null> {
  const chain = await tx.chainOf(bypass);
  const context = await contextFor(tx, chain, { type: 'answer', bypass }, facts);
  return refusedAnswer(chain, bypass, by, context);
}
