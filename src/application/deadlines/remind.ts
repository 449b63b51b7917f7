import { DAY_MS } from '#domain/instant';
import type { PersonId } from '#domain/ids';
import { membersOf, type LookUp } from '#domain/policy/look-up';
import { loadPostMortem } from '../card/load-post-mortem.ts';
import type { Ports } from '../ports/ports.ts';
import type { DueDeadline, TenantWrites } from '../ports/tenant-store.ts';

/**
 * Reminds the assignee of a review that is not done, and tells those to whom it rises by now. After
 * the last time that the policy sets, every day: it is chased until it is done.
 *
 * @param lookUps who is in the groups of the policy's steps; of one that could not be looked up
 *   nobody hears until the next reminder.
 */
export async function remind(
  ports: Pick<Ports, 'evaluation' | 'templates'>,
  tx: TenantWrites,
  { bypass, dueAt }: DueDeadline,
  lookUps: readonly LookUp[],
): Promise<void> {
  const chain = await tx.chainOf(bypass);
  if (chain === null || chain.postMortem === null || chain.postMortem.completedAt !== null) return;
  const now = await tx.now();
  const card = await loadPostMortem(ports, tx, bypass);
  const lateMs = now - card.dueAt;
  const about = { kind: 'reminder', card, lateMs } as const;
  await tx.addNote(card.assignee.account, null, about);
  const risen = await risenTo(tx, lateMs, lookUps);
  for (const { person, account } of await tx.people([...risen]))
    if (person !== card.assignee.person)
      await tx.addNote(account, null, { ...about, escalated: true });
  if (await tx.hasReminderAfter(bypass, dueAt)) return;
  // At the same hour of the next day to come: days on which nothing ran are not made up for.
  const daysLate = Math.max(0, Math.floor((now - dueAt) / DAY_MS));
  await tx.addReminder(bypass, dueAt + (daysLate + 1) * DAY_MS);
}

/** By the policy in force: whoever manages today is told, not whoever did when it closed. */
async function risenTo(
  tx: TenantWrites,
  lateMs: number,
  lookUps: readonly LookUp[],
): Promise<ReadonlySet<PersonId>> {
  const current = await tx.currentPolicy();
  const steps = current?.content.postMortem.escalation ?? [];
  const groups = steps.filter((one) => one.afterMs <= lateMs).flatMap((one) => one.add);
  if (current === null || groups.length === 0) return new Set();
  return membersOf(groups, current.digest, lookUps, await tx.now());
}
