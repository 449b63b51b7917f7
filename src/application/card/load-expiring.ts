import { bypassIn, firstActivatedAt, type Active, type Chain } from '#domain/bypass/chain';
import { isOutlasted } from '#domain/bypass/warning';
import type { BypassId } from '#domain/ids';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import type { ExpiringNote } from '../ports/surface.ts';
import type { Ports } from '../ports/ports.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { loadCard } from './load-card.ts';

/** How near the end of a bypass is, and what can be done. `null` where it is over, or goes on by an extension. */
export async function loadExpiring(
  ports: Pick<Ports, 'evaluation'>,
  tx: TenantReads,
  id: BypassId,
): Promise<ExpiringNote | null> {
  const chain = await tx.chainOf(id);
  const bypass = bypassIn(chain, id);
  if (chain === null || bypass?.phase !== 'active' || isOutlasted(chain, bypass)) return null;
  const leftMs = bypass.grant.expiresAt - (await tx.now());
  const card = leftMs <= 0 ? null : await loadCard(ports, tx, id);
  if (card === null) return null;
  return { kind: 'expiring', card, leftMs, extension: await extensionOf(tx, chain, bypass) };
}

/** Whether an extension can be asked for, as it is judged when it is. */
async function extensionOf(
  tx: Pick<TenantReads, 'currentPolicy'>,
  chain: Chain,
  { request, grant }: Active,
): Promise<ExpiringNote['extension']> {
  if (chain.bypasses.some((one) => one.phase === 'waiting')) return 'asked';
  const current = await tx.currentPolicy();
  const firstAt = firstActivatedAt(chain);
  if (current === null || firstAt === null) return 'possible';
  const { gate, scope, severity } = request;
  const { chainMaxMs } = evaluatePolicy(current.content, { gate, ...scope, severity });
  return grant.expiresAt >= firstAt + chainMaxMs ? 'capped' : 'possible';
}
