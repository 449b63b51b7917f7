import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { DigestOf, DigestStore } from '#application/ports/digests';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import { digest as t } from '../tables/digests.ts';
import { withTenant, type Transaction } from '../transaction.ts';

export function digestStore(pool: Pool, jobs: Pick<Jobs, 'sendIn'>): DigestStore {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const of = ({ channel, week }: DigestOf) => and(eq(t.channel, channel), eq(t.week, week));
  return {
    want: (tenantId, { channel, week }) =>
      within(tenantId, async (transaction) => {
        const rows = await transaction.db
          .insert(t)
          .values({ tenantId, channel, week })
          .onConflictDoNothing()
          .returning({ week: t.week });
        if (rows.length > 0)
          await jobs.sendIn(transaction, 'digest', { tenant: tenantId, id: channel, kind: week });
      }),
    isTold: (tenant, digest) =>
      within(
        tenant,
        async ({ db }) => (await db.$count(t, and(of(digest), isNotNull(t.toldAt)))) > 0,
      ),
    told: (tenant, digest) =>
      within(tenant, async ({ db }) => {
        await db
          .update(t)
          .set({ toldAt: sql`app.now()` })
          .where(of(digest));
      }),
  };
}
