import { bypassIn } from '#domain/bypass/chain';
import { isOutlasted } from '#domain/bypass/warning';
import type { DueDeadline, TenantWrites } from '../ports/tenant-store.ts';

/**
 * Warns once that the end of a bypass is near: its requester, and whoever reads the thread of its
 * card. Of a drill its requester alone hears. `false` where it is too early, by a clock that went back.
 */
export async function warn(tx: TenantWrites, { bypass: id, dueAt }: DueDeadline): Promise<boolean> {
  const chain = await tx.chainOf(id);
  const bypass = bypassIn(chain, id);
  if (chain === null || bypass?.phase !== 'active' || isOutlasted(chain, bypass)) return true;
  const now = await tx.now();
  if (now < dueAt) return false;
  if (now >= bypass.grant.expiresAt || !(await tx.markWarned(id))) return true;
  const [requester] = await tx.people([bypass.request.requester]);
  if (requester !== undefined)
    await tx.addNote(requester.account, null, { kind: 'expiring', bypass: id });
  const surfaces = await tx.surfacesOf(id);
  if (!chain.drill && surfaces.some(({ kind }) => kind === 'incident')) await tx.sayExpiring(id);
  return true;
}
