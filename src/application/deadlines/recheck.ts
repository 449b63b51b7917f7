import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import { bypassIn } from '#domain/bypass/chain';
import type { BypassId } from '#domain/ids';
import { loadCard } from '../card/load-card.ts';
import type { Ports } from '../ports/ports.ts';
import type { DueDeadline, TenantWrites } from '../ports/tenant-store.ts';
import { askApprovers } from '../surfaces/ask-approvers.ts';
import { tellNobody } from '../surfaces/tell-nobody.ts';
import type { LookedAgain } from './look-again.ts';

/** How long somebody who came on call waits to be asked, and somebody who left keeps buttons. */
export const RECHECK_MS = 2 * MINUTE_MS;

/** The same where it was not known who is in a group. */
export const RECHECK_SOON_MS = 30 * SECOND_MS;

/**
 * Follows the people while a request waits: newcomers are asked and paged, and the cards of those who
 * may decide no more lose their buttons. What a press decides rests on none of this. Comes again until
 * the request is decided.
 *
 * @param looked `null` where nobody could say.
 */
export async function recheck(
  ports: Pick<Ports, 'evaluation'>,
  tx: TenantWrites,
  { bypass }: DueDeadline,
  looked: LookedAgain | null,
): Promise<void> {
  if (bypassIn(await tx.chainOf(bypass), bypass)?.phase !== 'waiting') return;
  await tx.addRecheck(bypass, looked === null ? RECHECK_SOON_MS : RECHECK_MS);
  if (looked === null || looked.newcomers.length + looked.gone.length === 0) return;
  const before = await nobodyFor(ports, tx, bypass);
  await tx.markGone(bypass, looked.gone);
  await askApprovers(tx, bypass, looked.newcomers);
  await tx.touchSurfaces(bypass);
  if (looked.newcomers.length > 0) await tx.addPage(bypass, 'escalated');
  const after = await nobodyFor(ports, tx, bypass);
  if (before.length === 0 && after.length > 0) await tellNobody(tx, bypass);
}

async function nobodyFor(
  ports: Pick<Ports, 'evaluation'>,
  tx: TenantWrites,
  bypass: BypassId,
): Promise<readonly string[]> {
  return (await loadCard(ports, tx, bypass))?.nobodyFor ?? [];
}
