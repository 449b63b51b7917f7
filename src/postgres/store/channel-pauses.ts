import { and, eq, gt, sql } from 'drizzle-orm';
import { accountKey } from '#application/ports/account';
import type { MessageRef } from '#application/ports/press';
import type { Recipient } from '#application/ports/surface';
import type { TenantId } from '#domain/ids';
import * as surfaces from '../tables/surfaces.ts';
import type { Transaction } from '../transaction.ts';
import { databaseNow } from './clock.ts';

/** What Slack's limit counts against: a channel, or the conversation with one person. */
export function pauseKey({
  recipient,
  recipientKey,
}: typeof surfaces.surface.$inferSelect): string {
  const to = recipient as Recipient;
  return to.kind === 'person' ? recipientKey : to.channel;
}

export function notePauseKey({
  team,
  user,
  fromMessage,
}: typeof surfaces.note.$inferSelect): string {
  const from = fromMessage as MessageRef | null;
  return from?.channel ?? `person:${accountKey({ team, user })}`;
}

/** How long nothing may be sent there, in milliseconds; 0 where it may. */
export async function pausedMs(transaction: Transaction, channel: string): Promise<number> {
  const now = await databaseNow(transaction);
  const [row] = await transaction.db
    .select()
    .from(surfaces.channelPause)
    .where(
      and(
        eq(surfaces.channelPause.channel, channel),
        gt(surfaces.channelPause.until, new Date(now)),
      ),
    );
  return row === undefined ? 0 : row.until.getTime() - now;
}

/** Lets nothing be sent there for this long; a longer pause stays. */
export async function pause(
  transaction: Transaction,
  tenantId: TenantId,
  channel: string,
  ms: number,
): Promise<void> {
  const until = new Date((await databaseNow(transaction)) + ms);
  await transaction.db
    .insert(surfaces.channelPause)
    .values({ tenantId, channel, until })
    .onConflictDoUpdate({
      target: [surfaces.channelPause.tenantId, surfaces.channelPause.channel],
      set: { until: sql`greatest(${surfaces.channelPause.until}, excluded.until)` },
    });
}
