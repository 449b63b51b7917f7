import { DAY_MS } from '#domain/instant';
import { loadPostMortem } from '../card/load-post-mortem.ts';
import type { Ports } from '../ports/ports.ts';
import type { DueDeadline, TenantWrites } from '../ports/tenant-store.ts';

/**
 * Reminds the assignee of a review that is not done. After the last reminder that the policy sets,
 * every day: it is chased until it is done.
 */
export async function remind(
  ports: Pick<Ports, 'evaluation' | 'templates'>,
  tx: TenantWrites,
  { bypass, dueAt }: DueDeadline,
): Promise<void> {
  const chain = await tx.chainOf(bypass);
  if (chain === null || chain.postMortem === null || chain.postMortem.completedAt !== null) return;
  const card = await loadPostMortem(ports, tx, bypass);
  await tx.addNote(card.assignee.account, null, { kind: 'reminder', card });
  if (await tx.hasReminderAfter(bypass, dueAt)) return;
  // At the same hour of the next day to come: days on which nothing ran are not made up for.
  const daysLate = Math.max(0, Math.floor(((await tx.now()) - dueAt) / DAY_MS));
  await tx.addReminder(bypass, dueAt + (daysLate + 1) * DAY_MS);
}
