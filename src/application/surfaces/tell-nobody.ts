import { bypassIn } from '#domain/bypass/chain';
import type { BypassId } from '#domain/ids';
import type { TenantWrites } from '../ports/tenant-store.ts';

/** Tells the requester that too few people can be asked, and what to do: a card alone wakes nobody. */
export async function tellNobody(
  tx: Pick<TenantWrites, 'chainOf' | 'people' | 'addNote'>,
  bypass: BypassId,
): Promise<void> {
  const request = bypassIn(await tx.chainOf(bypass), bypass)?.request;
  if (request === undefined) return;
  const [requester] = await tx.people([request.requester]);
  if (requester !== undefined)
    await tx.addNote(requester.account, null, { kind: 'nobody', bypass });
}
