import { randomUUID } from 'node:crypto';
import { isNull } from 'drizzle-orm';
import { wantsType } from '#application/events/wanted-types';
import type { EventWrites } from '#application/ports/events';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import * as t from '../tables/events.ts';
import type { Transaction } from '../transaction.ts';

/** Deliveries and their jobs, in the transaction of the commit that they tell of. */
export function eventWrites(
  transaction: Transaction,
  tenantId: TenantId,
  jobs: Pick<Jobs, 'sendAllIn'>,
): EventWrites {
  const { db } = transaction;
  return {
    async wantEvents(events) {
      const webhooks = await db
        .select({ id: t.eventSubscription.subscriptionId, types: t.eventSubscription.types })
        .from(t.eventSubscription)
        .where(isNull(t.eventSubscription.goneAt));
      const rows = webhooks.flatMap(({ id: subscriptionId, types }) =>
        events
          .filter(({ type }) => wantsType(types, type))
          .map(({ id: eventId, type, entry: statementDigest, deployed }) => {
            const deliveryId = randomUUID();
            return {
              tenantId,
              deliveryId,
              subscriptionId,
              eventId,
              type,
              statementDigest,
              deployed,
            };
          }),
      );
      if (rows.length === 0) return;
      await db.insert(t.eventDelivery).values(rows);
      // The log's head is held here: one statement, however many webhooks and events.
      const wanted = rows.map(({ deliveryId: id }) => ({ tenant: tenantId, id }));
      await jobs.sendAllIn(transaction, 'event', wanted);
    },
  };
}
