import { and, desc, eq, inArray, lte, min, sql } from 'drizzle-orm';
import type { DrillReads, DrillWrites } from '#application/ports/drill';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import { account, press } from '../schema.ts';
import { claim } from '../tables/claims.ts';
import { page } from '../tables/pages.ts';
import { surface } from '../tables/surfaces.ts';
import type { Transaction } from '../transaction.ts';

export function drillReads({ db }: Pick<Transaction, 'db'>): DrillReads {
  const firstShown = async (bypass: string, kinds: readonly string[]) => {
    const of = and(eq(surface.bypassId, bypass), inArray(surface.kind, [...kinds]));
    const [row] = await db
      .select({ at: min(surface.firstShownAt) })
      .from(surface)
      .where(of);
    return row?.at?.getTime() ?? null;
  };
  return {
    async drillTimes(bypass, requester, openedAt) {
      const [pressed] = await db
        .select({ at: press.pressedAt })
        .from(press)
        .innerJoin(account, and(eq(account.team, press.team), eq(account.user, press.user)))
        .where(
          and(
            eq(account.personId, requester),
            inArray(sql`${press.action} ->> 'kind'`, ['open', 'extend']),
            eq(press.outcome, 'done'),
            lte(press.pressedAt, new Date(openedAt)),
          ),
        )
        .orderBy(desc(press.pressedAt))
        .limit(1);
      const [paged] = await db
        .select({ at: min(page.sentAt) })
        .from(page)
        .where(eq(page.bypassId, bypass));
      const [claimed] = await db
        .select({ at: min(claim.claimedAt) })
        .from(claim)
        .where(eq(claim.bypassId, bypass));
      return {
        pressedAt: pressed?.at.getTime() ?? null,
        shownAt: await firstShown(bypass, ['incident', 'requester']),
        askedAt: await firstShown(bypass, ['approver']),
        pagedAt: paged?.at?.getTime() ?? null,
        claimedAt: claimed?.at?.getTime() ?? null,
      };
    },
  };
}

export function drillWrites(
  transaction: Transaction,
  tenant: TenantId,
  jobs: Pick<Jobs, 'sendIn'>,
): DrillWrites {
  return {
    async sayDrillReport(id) {
      await jobs.sendIn(transaction, 'thread', { tenant, id, kind: 'drill-report' });
    },
  };
}
