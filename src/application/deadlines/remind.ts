import type { BypassId } from '#domain/ids';
import { loadPostMortem } from '../card/load-post-mortem.ts';
import type { Ports } from '../ports/ports.ts';
import type { TenantWrites } from '../ports/tenant-store.ts';

/** Reminds the assignee of a review that is not done. */
export async function remind(
  ports: Pick<Ports, 'evaluation' | 'templates'>,
  tx: TenantWrites,
  bypass: BypassId,
): Promise<void> {
  const chain = await tx.chainOf(bypass);
  if (chain === null || chain.postMortem === null || chain.postMortem.completedAt !== null) return;
  const card = await loadPostMortem(ports, tx, bypass);
  await tx.addNote(card.assignee.account, null, { kind: 'reminder', card });
}
