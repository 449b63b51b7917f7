import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import { loadCard } from '../card/load-card.ts';
import type { Instant } from '#domain/instant';
import type { BypassCard } from '../ports/card.ts';
import type { Page, Pager, PagerKind, Pagers, PageStore } from '../ports/pager.ts';
import type { PageLinks } from '../ports/page-link.ts';
import type { Ports } from '../ports/ports.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { addressesOf } from '../people/addresses-of.ts';

export interface PagePorts extends Pick<Ports, 'store' | 'evaluation'> {
  readonly pagers: Pagers;
  readonly pages: PageStore;
  readonly pageLinks: PageLinks;
}

interface PageJob {
  readonly id: string;
  readonly way: PagerKind;
  readonly bypass: BypassId;
  readonly kind: Page['kind'];
}

/**
 * Pages approvers outside Slack, by one way. A page that the decision has overtaken is not sent: it
 * would wake people for nothing. One that the decision overtakes while it is sent is resolved behind
 * it, whichever of the two arrives first; so is one of which a killed process leaves nobody knowing
 * whether it was sent.
 *
 * @throws PageFailed: the job is tried again.
 */
export async function sendPage(ports: PagePorts, tenant: TenantId, job: PageJob): Promise<void> {
  const pager = (await ports.pagers.of(tenant))[job.way];
  if (pager === undefined) return;
  const at = await ports.store.read(tenant, (tx) => situation(ports, tx, job.bypass));
  if (at === null) return;
  const work: Work = { ports, tenant, job, pager, at };
  if (job.kind === 'resolved') return resolveAll(work);
  if (at.card.phase === 'waiting') return ring(work);
  const left = await ports.pages.ringsOf(tenant, job);
  const unknown = left.filter((one) => !one.known).map((one) => one.ring);
  if (unknown.length > 0) await resolve(work, unknown);
}

interface Work {
  readonly ports: PagePorts;
  readonly tenant: TenantId;
  readonly job: PageJob;
  readonly pager: Pager;
  readonly at: Situation;
}

interface Situation {
  /** The database's time. */
  readonly now: Instant;
  readonly card: BypassCard;
  /** Whoever is asked since has not been woken yet; whoever was asked before is woken by a step. */
  readonly ring: string;
  readonly asked: readonly PersonId[];
}

async function situation(
  ports: Pick<Ports, 'evaluation'>,
  tx: TenantReads,
  bypass: BypassId,
): Promise<Situation | null> {
  const card = await loadCard(ports, tx, bypass);
  const request = bypassIn(await tx.chainOf(bypass), bypass)?.request;
  if (card === null || request === undefined) return null;
  const rows = await tx.asked(bypass);
  const newest = Math.max(0, ...rows.map((one) => one.askedAt));
  const still = rows.filter((one) => !one.gone).map((one) => one.person);
  return {
    now: await tx.now(),
    card,
    ring: `${request.escalatedMs}.${newest}`,
    asked: [...new Set(still)],
  };
}

async function ring(work: Work): Promise<void> {
  const { ports, tenant, job, pager, at } = work;
  const about = { bypass: job.bypass, way: job.way, ring: at.ring };
  if (!(await ports.pages.begin(tenant, about))) return;
  await pager.page(await pageOf(work, job.kind, [at.ring]));
  await ports.pages.sent(tenant, about);
  const now = await ports.store.read(tenant, (tx) => situation(ports, tx, job.bypass));
  if (now !== null && now.card.phase !== 'waiting') await resolve({ ...work, at: now }, [at.ring]);
}

async function resolveAll(work: Work): Promise<void> {
  const rings = await work.ports.pages.ringsOf(work.tenant, work.job);
  await resolve(
    work,
    rings.map((one) => one.ring),
  );
}

async function resolve(work: Work, rings: readonly string[]): Promise<void> {
  await work.pager.page(await pageOf(work, 'resolved', rings));
  await work.ports.pages.resolved(work.tenant, work.job, rings);
}

async function pageOf(
  { ports, tenant, job, at }: Work,
  kind: Page['kind'],
  rings: readonly string[],
): Promise<Page> {
  // What a page is followed by is no repeat of it.
  const id = kind === job.kind ? job.id : `${job.id}-${kind}`;
  const link = await ports.pageLinks.linkFor(tenant, job.bypass);
  const addresses =
    job.way === 'mail' ? await ports.store.read(tenant, (tx) => addressesOf(tx, at.asked)) : [];
  return { id, kind, at: at.now, card: at.card, rings, addresses, link };
}
