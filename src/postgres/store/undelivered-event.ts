import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Deployed, UndeliveredEvent } from '#application/ports/events';
import type { TenantSeal } from '#application/ports/seals';
import { base64, type Digest } from '#ledger/digest';
import { logCheckpoint, logEntry, logHead } from '../schema.ts';
import * as t from '../tables/events.ts';
import type { Transaction } from '../transaction.ts';
import { databaseNow } from './clock.ts';
import { inForce, openTarget } from './event-target.ts';

/** The delivery with its webhook and its entry, unless it was delivered. */
export async function undelivered(
  { db }: Transaction,
  seal: TenantSeal,
  deliveryId: string,
): Promise<UndeliveredEvent | null> {
  const [row] = await db
    .select({
      delivery: t.eventDelivery,
      webhook: t.eventSubscription,
      origin: logHead.origin,
      isHeldBack: sql<boolean>`coalesce(${t.eventSubscription.notBefore} > app.now(), false)`,
    })
    .from(t.eventDelivery)
    .innerJoin(
      t.eventSubscription,
      eq(t.eventSubscription.subscriptionId, t.eventDelivery.subscriptionId),
    )
    .innerJoin(logHead, eq(logHead.tenantId, t.eventDelivery.tenantId))
    .where(and(eq(t.eventDelivery.deliveryId, deliveryId), isNull(t.eventDelivery.deliveredAt)));
  if (row === undefined) return null;
  const { delivery, webhook, origin, isHeldBack } = row;
  const now = await databaseNow({ db });
  const { statementDigest: digest, deployed } = delivery;
  return {
    id: delivery.eventId,
    type: delivery.type,
    origin,
    createdAt: delivery.createdAt.getTime(),
    goneAt: webhook.goneAt?.getTime() ?? null,
    isHeldBack,
    target: inForce(openTarget(seal, webhook), now),
    entry:
      digest === null ? null : await entryOf({ db }, digest as Digest, deployed as Deployed | null),
  };
}

async function entryOf(
  { db }: Pick<Transaction, 'db'>,
  digest: Digest,
  deployed: Deployed | null,
): Promise<NonNullable<UndeliveredEvent['entry']>> {
  const [row] = await db
    .select({ entry: logEntry, root: logCheckpoint.root })
    .from(logEntry)
    .innerJoin(logCheckpoint, eq(logCheckpoint.size, logEntry.checkpointSize))
    .where(eq(logEntry.statementDigest, digest));
  // The delivery's foreign key and the log, which only grows, keep it there.
  if (row === undefined) throw new RangeError(`the entry ${digest} is not stored`);
  const { index, checkpointSize: size, statement } = row.entry;
  return { digest, deployed, statement, receipt: { index, size, root: base64(row.root) } };
}
