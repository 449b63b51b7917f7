import { randomUUID } from 'node:crypto';
import { and, eq, ne, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { MessageRef } from '#application/ports/press';
import type { Recipient } from '#application/ports/surface';
import type { SurfaceCopies } from '#application/ports/surface-store';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import * as surfaces from '../tables/surfaces.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { limitKey, methodKey, pause, pausedMs, pauseKey, teamOf } from './channel-pauses.ts';
import { databaseNow } from './clock.ts';
import { surfaceRow } from './rows.ts';

const UNSETTLED_RETRY_MS = 1_000;

type SurfaceRow = typeof surfaces.surface.$inferSelect;
type CopyRow = typeof surfaces.surfaceCopy.$inferSelect;
type Sends = Pick<Jobs, 'sendIn'>;

export function surfaceCopies(pool: Pool, jobs: Sends): SurfaceCopies {
  const inTenant = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  return {
    pressed: (tenant, surfaceId, message) =>
      inTenant(tenant, async (transaction) => {
        await followChannel(transaction, jobs, tenant, surfaceId, message);
        await addCopy(transaction, jobs, tenant, surfaceId, message);
      }),
    copyToRetract: (tenant, id) =>
      inTenant(tenant, async (transaction) => {
        const found = await copyIn(transaction, id);
        if (found === undefined) return null;
        const waitMs = await waitFor(transaction, found.surface);
        if (waitMs > 0) {
          await again(transaction, jobs, tenant, id, waitMs);
          return null;
        }
        const { surface, copy } = found;
        if (surface.ts === null) await adopt(transaction, jobs, tenant, found);
        else if (!isMessage(surface, copy)) {
          await endLapsedClaim(transaction, jobs, tenant, surface);
          const { channel, ts } = copy;
          return { surface: surfaceRow(surface), message: { channel, ts } };
        }
        await remove(transaction, id);
        return null;
      }),
    retractLimited: (tenant, id, limit) =>
      inTenant(tenant, async (transaction) => {
        const found = await copyIn(transaction, id);
        if (found === undefined) return;
        const { surface } = found;
        const key = limitKey(pauseKey(surface), teamOf(surface.recipient as Recipient), limit);
        await pause(transaction, tenant, key, limit.retryAfterMs);
        await again(transaction, jobs, tenant, id, limit.retryAfterMs);
      }),
    retracted: (tenant, id) => inTenant(tenant, (transaction) => remove(transaction, id)),
  };
}

/** Remembers the message as one to take away, once, with the job that does it; not the card's own. */
export async function addCopy(
  transaction: Transaction,
  jobs: Sends,
  tenantId: TenantId,
  surfaceId: string,
  { channel, ts }: MessageRef,
): Promise<void> {
  const { db } = transaction;
  const [row] = await db
    .select()
    .from(surfaces.surface)
    .where(eq(surfaces.surface.surfaceId, surfaceId));
  if (row === undefined || isMessage(row, { ts })) return;
  const [added] = await db
    .insert(surfaces.surfaceCopy)
    .values({ tenantId, copyId: randomUUID(), surfaceId, channel, ts })
    .onConflictDoNothing()
    .returning({ id: surfaces.surfaceCopy.copyId });
  if (added === undefined) return;
  await jobs.sendIn(transaction, 'copy', { tenant: tenantId, id: added.id });
}

/**
 * By `ts` alone, in microseconds: a surface stands in one conversation, and no two posts of it bear
 * the same. Slack may change the id of that conversation (docs.slack.dev/reference/events/
 * channel_id_changed), and taken for a copy the only card would be deleted.
 */
export const isMessage = (
  surface: Pick<SurfaceRow, 'ts'>,
  { ts }: Pick<MessageRef, 'ts'>,
): boolean => surface.ts === ts;

/**
 * The card itself was pressed, and Slack names its conversation by another id now. Where the message
 * is, is Slack's own word in the payload, which no presser can write; under the old id edits may fail
 * for good. Nothing is deleted for it, so at worst, with a press that Slack sent before the change,
 * the old id stands until the next press.
 */
async function followChannel(
  transaction: Transaction,
  jobs: Sends,
  tenant: TenantId,
  surfaceId: string,
  { channel, ts }: MessageRef,
): Promise<void> {
  const moved = and(
    eq(surfaces.surface.surfaceId, surfaceId),
    eq(surfaces.surface.ts, ts),
    ne(surfaces.surface.channel, channel),
  );
  const rows = await transaction.db
    .update(surfaces.surface)
    .set({ channel })
    .where(moved)
    .returning();
  if (rows.length > 0) await jobs.sendIn(transaction, 'surface', { tenant, id: surfaceId });
}

async function surfaceIn({ db }: Transaction, id: string): Promise<SurfaceRow | undefined> {
  // Locked: whoever publishes it now records where before, or after, this is decided.
  const [row] = await db
    .select()
    .from(surfaces.surface)
    .where(eq(surfaces.surface.surfaceId, id))
    .for('update');
  return row;
}

async function copyIn(
  transaction: Transaction,
  id: string,
): Promise<{ copy: CopyRow; surface: SurfaceRow } | undefined> {
  const { db } = transaction;
  const [copy] = await db
    .select()
    .from(surfaces.surfaceCopy)
    .where(eq(surfaces.surfaceCopy.copyId, id));
  const surface = copy && (await surfaceIn(transaction, copy.surfaceId));
  return copy && surface && { copy, surface };
}

/** Milliseconds until it can be said what is a copy, and the channel may be sent to. */
async function waitFor(transaction: Transaction, surface: SurfaceRow): Promise<number> {
  const now = await databaseNow(transaction);
  // The message that is being posted may be the very one that was pressed.
  if ((surface.claimedUntil?.getTime() ?? 0) > now) return UNSETTLED_RETRY_MS;
  const team = teamOf(surface.recipient as Recipient);
  return pausedMs(transaction, pauseKey(surface), methodKey(team, 'chat.delete'));
}

/**
 * Nobody posts the card now and no post of it was answered: then this one is the card. A worker whose
 * claim ran out with its post on the way holds it no more, so that its message becomes the copy.
 */
async function adopt(
  transaction: Transaction,
  jobs: Sends,
  tenant: TenantId,
  { copy: { channel, ts }, surface: { surfaceId } }: { copy: CopyRow; surface: SurfaceRow },
): Promise<void> {
  await transaction.db
    .update(surfaces.surface)
    .set({
      channel,
      ts,
      claimedUntil: null,
      unanswered: sql`greatest(${surfaces.surface.unanswered} - 1, 0)`,
    })
    .where(eq(surfaces.surface.surfaceId, surfaceId));
  await jobs.sendIn(transaction, 'surface', { tenant, id: surfaceId });
}

/**
 * A worker whose claim ran out may have posted this very copy anew and not recorded it yet. Once it is
 * taken away it must not be recorded as the card: another worker brings the card up to date.
 */
async function endLapsedClaim(
  transaction: Transaction,
  jobs: Sends,
  tenant: TenantId,
  { surfaceId, claimedUntil }: SurfaceRow,
): Promise<void> {
  if (claimedUntil === null) return;
  await transaction.db
    .update(surfaces.surface)
    .set({ claimedUntil: null })
    .where(eq(surfaces.surface.surfaceId, surfaceId));
  await jobs.sendIn(transaction, 'surface', { tenant, id: surfaceId });
}

async function remove({ db }: Transaction, id: string): Promise<void> {
  await db.delete(surfaces.surfaceCopy).where(eq(surfaces.surfaceCopy.copyId, id));
}

/** In seconds, so that the database's clock counts and no replica's. */
const again = (transaction: Transaction, jobs: Sends, tenant: TenantId, id: string, ms: number) =>
  jobs.sendIn(transaction, 'copy', { tenant, id }, { startAfter: Math.ceil(ms / 1_000) });
