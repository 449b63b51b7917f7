import type { BypassId, TenantId } from '#domain/ids';
import { loadCard } from '../card/load-card.ts';
import type { Page, Pager } from '../ports/pager.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Pages approvers outside Slack. A page that the decision has overtaken is not sent: it would wake
 * people for nothing.
 *
 * @throws PageFailed: the job is tried again.
 */
export async function sendPage(
  ports: Pick<Ports, 'store' | 'evaluation'> & { readonly pager: Pager | null },
  tenant: TenantId,
  job: { readonly id: string; readonly bypass: BypassId; readonly kind: Page['kind'] },
): Promise<void> {
  if (ports.pager === null) return;
  const card = await ports.store.read(tenant, (tx) => loadCard(ports, tx, job.bypass));
  if (card === null) return;
  if (job.kind !== 'resolved' && card.phase !== 'waiting') return;
  await ports.pager.page({ id: job.id, kind: job.kind, card, link: null });
}
