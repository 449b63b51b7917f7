import { and, gt, inArray, sql } from 'drizzle-orm';
import { accountKey } from '#application/ports/account';
import type { MessageRef } from '#application/ports/press';
import type { LimitedMethod, RateLimit, Recipient } from '#application/ports/surface';
import type { TenantId } from '#domain/ids';
import * as surfaces from '../tables/surfaces.ts';
import type { Transaction } from '../transaction.ts';
import { databaseNow } from './clock.ts';

/** What a limit counts against: a channel, or the conversation with one person. */
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

/** Or a method, in a whole workspace. */
export const methodKey = (team: string, method: LimitedMethod): string => `${method}@${team}`;

export const teamOf = (to: Recipient): string => (to.kind === 'person' ? to.account.team : to.team);

/** How long nothing may be sent under any of these, in milliseconds; 0 where it may. */
export async function pausedMs(
  transaction: Transaction,
  ...keys: readonly string[]
): Promise<number> {
  const now = await databaseNow(transaction);
  const { channel, until } = surfaces.channelPause;
  const rows = await transaction.db
    .select({ until })
    .from(surfaces.channelPause)
    .where(and(inArray(channel, [...keys]), gt(until, new Date(now))));
  return Math.max(0, ...rows.map((row) => row.until.getTime() - now));
}

/** What a Retry-After holds up. @param own the channel's key. */
export const limitKey = (own: string, team: string, { method }: RateLimit): string =>
  method === null ? own : methodKey(team, method);

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
