import type { Attempt, AttemptOutcome, Delivery, Subscription } from '#application/ports/events';
import type * as t from '../tables/events.ts';

export function subscriptionOf(row: typeof t.eventSubscription.$inferSelect): Subscription {
  return {
    id: row.subscriptionId,
    host: row.host,
    types: row.types,
    createdAt: row.createdAt.getTime(),
    goneAt: row.goneAt?.getTime() ?? null,
  };
}

export function attemptOf(
  row: typeof t.eventAttempt.$inferSelect,
): Attempt & { readonly at: number } {
  const { at, outcome, status, durationMs } = row;
  return { at: at.getTime(), outcome: outcome as AttemptOutcome, status, durationMs };
}

export function deliveryOf(
  row: typeof t.eventDelivery.$inferSelect,
  attempts: Delivery['attempts'],
): Delivery {
  return {
    id: row.deliveryId,
    subscription: row.subscriptionId,
    event: row.eventId,
    type: row.type,
    createdAt: row.createdAt.getTime(),
    deliveredAt: row.deliveredAt?.getTime() ?? null,
    attempts,
  };
}
