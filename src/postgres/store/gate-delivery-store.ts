import { and, eq, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { GateDeliveries } from '#application/ports/gate-deliveries';
import type { Queue } from '#application/ports/queues';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import * as t from '../tables/gate-runs.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { databaseNow } from './clock.ts';

/** Longer than any sender lists or repeats a delivery. */
const KEPT = sql`interval '30 days'`;

/** Deliveries of one kind of gate, each handled by a job of `queue` with its id. */
export function gateDeliveryStore(
  pool: Pool,
  jobs: Pick<Jobs, 'sendIn'>,
  kind: string,
  queue: Queue,
): GateDeliveries {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const isThis = (id: string) =>
    and(eq(t.gateDelivery.kind, kind), eq(t.gateDelivery.deliveryId, id));
  return {
    accept: (tenant, { id, event, body }) =>
      within(tenant, async (transaction) => {
        const receivedAt = new Date(await databaseNow(transaction));
        const [stored] = await transaction.db
          .insert(t.gateDelivery)
          .values({ tenantId: tenant, kind, deliveryId: id, event, body, receivedAt })
          .onConflictDoNothing()
          .returning({ id: t.gateDelivery.deliveryId });
        if (stored === undefined) return false;
        await jobs.sendIn(transaction, queue, { tenant, id, kind: 'delivery' });
        return true;
      }),
    toHandle: (tenant, id) =>
      within(tenant, async ({ db }) => {
        const [row] = await db.select().from(t.gateDelivery).where(isThis(id));
        return row === undefined || row.body === null
          ? null
          : { id, event: row.event, body: row.body };
      }),
    handled: (tenant, id) =>
      within(tenant, async (transaction) => {
        const handledAt = new Date(await databaseNow(transaction));
        await transaction.db
          .update(t.gateDelivery)
          .set({ body: null, handledAt })
          .where(isThis(id));
      }),
    taken: (tenant, ids) =>
      within(tenant, async ({ db }) => {
        if (ids.length === 0) return new Set();
        const rows = await db
          .select({ id: t.gateDelivery.deliveryId })
          .from(t.gateDelivery)
          .where(and(eq(t.gateDelivery.kind, kind), inArray(t.gateDelivery.deliveryId, [...ids])));
        return new Set(rows.map((row) => row.id));
      }),
    position: (tenant) =>
      within(tenant, async ({ db }) => {
        const [row] = await db.select().from(t.gatePosition).where(eq(t.gatePosition.kind, kind));
        return row?.position ?? null;
      }),
    moveTo: (tenant, position) =>
      within(tenant, async ({ db }) => {
        await db
          .insert(t.gatePosition)
          .values({ tenantId: tenant, kind, position })
          .onConflictDoUpdate({
            target: [t.gatePosition.tenantId, t.gatePosition.kind],
            set: { position },
          });
        await db
          .delete(t.gateDelivery)
          .where(
            and(
              eq(t.gateDelivery.kind, kind),
              isNotNull(t.gateDelivery.handledAt),
              lt(t.gateDelivery.receivedAt, sql`app.now() - ${KEPT}`),
            ),
          );
      }),
  };
}
