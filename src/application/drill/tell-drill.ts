import { bypassIn, type Chain } from '#domain/bypass/chain';
import type { BypassId } from '#domain/ids';
import type { TenantWrites } from '../ports/tenant-store.ts';

/** Once a drill is over, its requester and the thread of its card are told how long each step took. */
export async function tellDrill(
  tx: Pick<TenantWrites, 'people' | 'addNote' | 'sayDrillReport' | 'surfacesOf'>,
  chain: Chain,
  bypass: BypassId,
): Promise<void> {
  const request = bypassIn(chain, bypass)?.request;
  if (!chain.drill || request === undefined) return;
  const [requester] = await tx.people([request.requester]);
  if (requester !== undefined)
    await tx.addNote(requester.account, null, { kind: 'drill-report', bypass });
  const cards = await tx.surfacesOf(bypass);
  if (cards.some(({ kind }) => kind === 'incident')) await tx.sayDrillReport(bypass);
}
