import { and, eq, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { GatePushes } from '#application/ports/gate-pushes';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import { gatePush } from '../tables/gate-pushes.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { databaseNow } from './clock.ts';

/** What stands at gates that hold exceptions, over one pool. */
export function gatePushStore(pool: Pool, jobs: Pick<Jobs, 'sendIn'>): GatePushes {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const isThis = (gate: string, kind: string) =>
    and(eq(gatePush.gate, gate), eq(gatePush.kind, kind));
  return {
    of: (tenant) =>
      within(tenant, ({ db }) =>
        db
          .select({ gate: gatePush.gate, kind: gatePush.kind, stands: gatePush.stands })
          .from(gatePush)
          .orderBy(gatePush.gate, gatePush.kind),
      ),
    begin: (tenantId, gate, kind) =>
      within(tenantId, async (transaction) => {
        const begunAt = new Date(await databaseNow(transaction));
        const row = { tenantId, gate, kind, begunAt };
        await transaction.db.insert(gatePush).values(row).onConflictDoNothing();
      }),
    settled: (tenant, { gate, kind, stands }) =>
      within(tenant, async ({ db }) => {
        const now = { stands: [...stands], settledAt: sql`app.now()` };
        await db.update(gatePush).set(now).where(isThis(gate, kind));
      }),
    forget: (tenant, gate, kind) =>
      within(tenant, async ({ db }) => {
        await db.delete(gatePush).where(isThis(gate, kind));
      }),
    want: (tenant, gates) =>
      gates.length === 0
        ? Promise.resolve()
        : within(tenant, async (transaction) => {
            for (const id of gates) await jobs.sendIn(transaction, 'gate', { tenant, id });
          }),
  };
}
