import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { PageStore, Ring } from '#application/ports/pager';
import type { TenantId } from '#domain/ids';
import { page } from '../tables/pages.ts';
import { withTenant, type Transaction } from '../transaction.ts';

export function pageStore(pool: Pool): PageStore {
  const inTenant = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  return {
    begin: (tenant, { bypass, way, ring }) =>
      inTenant(tenant, async ({ db }) => {
        const row = { tenantId: tenant, bypassId: bypass, way, ring };
        await db.insert(page).values(row).onConflictDoNothing();
        const unsent = and(of({ bypass, way }), eq(page.ring, ring), isNull(page.sentAt));
        return (await db.$count(page, unsent)) > 0;
      }),
    sent: (tenant, { bypass, way, ring }) =>
      inTenant(tenant, async ({ db }) => {
        await db
          .update(page)
          .set({ sentAt: sql`app.now()` })
          .where(and(of({ bypass, way }), eq(page.ring, ring)));
      }),
    ringsOf: (tenant, about) =>
      inTenant(tenant, async ({ db }) => {
        const rows = await db.select().from(page).where(of(about)).orderBy(asc(page.ring));
        return rows.map(({ ring, sentAt }) => ({ ring, known: sentAt !== null }));
      }),
    resolved: (tenant, about, rings) =>
      inTenant(tenant, async ({ db }) => {
        if (rings.length === 0) return;
        await db
          .update(page)
          // What was resolved is out there no more, whether or not its own try was heard of.
          .set({ resolvedAt: sql`app.now()`, sentAt: sql`coalesce(${page.sentAt}, app.now())` })
          .where(and(of(about), inArray(page.ring, [...rings])));
      }),
  };
}

const of = ({ bypass, way }: Pick<Ring, 'bypass' | 'way'>) =>
  and(eq(page.bypassId, bypass), eq(page.way, way));
