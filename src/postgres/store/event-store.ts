import { randomUUID } from 'node:crypto';
import { and, asc, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import { TRIAL_TYPE } from '#application/events/event-types';
import type { EventStore } from '#application/ports/events';
import type { Seals } from '#application/ports/seals';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import * as t from '../tables/events.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { databaseNow } from './clock.ts';
import { attemptOf, deliveryOf, subscriptionOf } from './event-rows.ts';
import { exchanged, openTarget, sealTarget } from './event-target.ts';
import { undelivered } from './undelivered-event.ts';

/** Each commit adds a delivery for each: more webhooks than this are for a broker to fan out. */
const MOST_SUBSCRIPTIONS = 10;
/** So many are forgotten or sent at once, so that no transaction gets long. */
const BATCH = 1_000;

/** The webhooks of all tenants. Where each goes is sealed under a key of its tenant. */
export function eventStore(pool: Pool, jobs: Pick<Jobs, 'sendAllIn'>, seals: Seals): EventStore {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const isThis = (id: string) => eq(t.eventSubscription.subscriptionId, id);
  return {
    async subscribe(tenantId, target, types) {
      const seal = await seals.of(tenantId);
      const id = randomUUID();
      const { host } = new URL(target.url);
      const sealed = sealTarget(seal, id, target);
      return within(tenantId, async ({ db }) => {
        if ((await db.$count(t.eventSubscription)) >= MOST_SUBSCRIPTIONS) return null;
        const row = { tenantId, subscriptionId: id, host, target: sealed, types: [...types] };
        await db.insert(t.eventSubscription).values(row);
        return id;
      });
    },
    subscriptions: (tenant) =>
      within(tenant, async ({ db }) => {
        const rows = await db
          .select()
          .from(t.eventSubscription)
          .orderBy(asc(t.eventSubscription.createdAt));
        return rows.map(subscriptionOf);
      }),
    async exchangeSecret(tenant, id, secret, keepMs) {
      const seal = await seals.of(tenant);
      return within(tenant, async (transaction) => {
        const { db } = transaction;
        const [row] = await db.select().from(t.eventSubscription).where(isThis(id)).for('update');
        if (row === undefined) return false;
        const now = await databaseNow(transaction);
        const next = exchanged(openTarget(seal, row), secret, now, keepMs);
        const target = sealTarget(seal, id, next);
        await db.update(t.eventSubscription).set({ target }).where(isThis(id));
        return true;
      });
    },
    unsubscribe: (tenant, id) =>
      within(tenant, async ({ db }) => {
        const gone = await db.delete(t.eventSubscription).where(isThis(id)).returning();
        return gone.length > 0;
      }),
    addTrial: (tenantId, subscriptionId) =>
      within(tenantId, async ({ db }) => {
        const [webhook] = await db.select().from(t.eventSubscription).where(isThis(subscriptionId));
        if (webhook === undefined) return null;
        const deliveryId = randomUUID();
        const event = { eventId: `trial/${deliveryId}`, type: TRIAL_TYPE, wanted: true };
        await db.insert(t.eventDelivery).values({ tenantId, deliveryId, subscriptionId, ...event });
        return deliveryId;
      }),
    deliveries: (tenant, { subscription, delivery, limit }) =>
      within(tenant, async ({ db }) => {
        const rows = await db
          .select()
          .from(t.eventDelivery)
          .where(
            and(
              subscription === undefined
                ? undefined
                : eq(t.eventDelivery.subscriptionId, subscription),
              delivery === undefined ? undefined : eq(t.eventDelivery.deliveryId, delivery),
            ),
          )
          .orderBy(desc(t.eventDelivery.createdAt))
          .limit(limit);
        const ids = rows.map((row) => row.deliveryId);
        if (ids.length === 0) return [];
        const tries = await db
          .select()
          .from(t.eventAttempt)
          .where(inArray(t.eventAttempt.deliveryId, ids))
          .orderBy(asc(t.eventAttempt.at));
        return rows.map((row) =>
          deliveryOf(row, tries.filter((one) => one.deliveryId === row.deliveryId).map(attemptOf)),
        );
      }),
    wantAgain: (tenant, delivery) =>
      within(tenant, async ({ db }) => {
        const rows = await db
          .update(t.eventDelivery)
          .set({ wanted: true, deliveredAt: null })
          .where(eq(t.eventDelivery.deliveryId, delivery))
          .returning();
        return rows.length > 0;
      }),
    sendWanted: (tenant) =>
      within(tenant, async (transaction) => {
        const rows = await transaction.db
          .select({ id: t.eventDelivery.deliveryId })
          .from(t.eventDelivery)
          .where(eq(t.eventDelivery.wanted, true))
          .limit(BATCH)
          .for('update', { skipLocked: true });
        const ids = rows.map(({ id }) => id);
        if (ids.length === 0) return 0;
        const wanted = ids.map((id) => ({ tenant, id }));
        await jobs.sendAllIn(transaction, 'event', wanted);
        await transaction.db
          .update(t.eventDelivery)
          .set({ wanted: false })
          .where(inArray(t.eventDelivery.deliveryId, ids));
        return ids.length;
      }),
    async undelivered(tenant, delivery) {
      const seal = await seals.of(tenant);
      return within(tenant, (transaction) => undelivered(transaction, seal, delivery));
    },
    attempted: (tenantId, deliveryId, { outcome, status, durationMs, retryAfterMs }) =>
      within(tenantId, async ({ db }) => {
        // Locked, so that a webhook removed meanwhile leaves no try without its delivery.
        const isIt = eq(t.eventDelivery.deliveryId, deliveryId);
        const [row] = await db.select().from(t.eventDelivery).where(isIt).for('update');
        if (row === undefined) return;
        const took = { outcome, status, durationMs: Math.round(durationMs) };
        await db
          .insert(t.eventAttempt)
          .values({ tenantId, deliveryId, attemptId: randomUUID(), ...took });
        if (outcome === 'delivered')
          await db
            .update(t.eventDelivery)
            .set({ deliveredAt: sql`app.now()` })
            .where(isIt);
        if (retryAfterMs !== undefined)
          await db
            .update(t.eventSubscription)
            .set({ notBefore: sql`app.now() + ${retryAfterMs} * interval '1 millisecond'` })
            .where(isThis(row.subscriptionId));
        if (outcome === 'gone')
          await db
            .update(t.eventSubscription)
            .set({ goneAt: sql`app.now()` })
            .where(and(isThis(row.subscriptionId), isNull(t.eventSubscription.goneAt)));
      }),
    forget: (tenant, olderThanMs) =>
      within(tenant, async (transaction) => {
        const before = new Date((await databaseNow(transaction)) - olderThanMs);
        const oldest = transaction.db
          .select({ id: t.eventDelivery.deliveryId })
          .from(t.eventDelivery)
          .where(lt(t.eventDelivery.createdAt, before))
          .orderBy(asc(t.eventDelivery.createdAt))
          .limit(BATCH);
        const gone = await transaction.db
          .delete(t.eventDelivery)
          .where(inArray(t.eventDelivery.deliveryId, oldest))
          .returning({ id: t.eventDelivery.deliveryId });
        return gone.length;
      }),
  };
}
