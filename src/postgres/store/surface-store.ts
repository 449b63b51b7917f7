import { and, eq, gt, lt, isNull, or, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { MessageRef } from '#application/ports/press';
import type { Recipient } from '#application/ports/surface';
import type { SurfaceClaim, SurfaceClaimed, SurfaceStore } from '#application/ports/surface-store';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import * as surfaces from '../tables/surfaces.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import {
  limitKey,
  methodKey,
  notePauseKey,
  pause,
  pausedMs,
  pauseKey,
  teamOf,
} from './channel-pauses.ts';
import { databaseNow } from './clock.ts';
import { takeEdit } from './edit-budget.ts';
import { noteRow, surfaceRow } from './rows.ts';
import { addCopy, isMessage, surfaceCopies } from './surface-copies.ts';

/** Longer than all calls for one card, about as long as a job's takeover from a killed worker. */
const CLAIM_MS = 15_000;
const BUSY_RETRY_MS = 1_000;

/** @param editsPerMinute how many edits Slack takes from one workspace. */
export function surfaceStore(
  pool: Pool,
  jobs: Pick<Jobs, 'sendIn'>,
  editsPerMinute: number,
): SurfaceStore {
  const inTenant = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const again = (transaction: Transaction, tenant: TenantId, id: string, ms: number) =>
    // In seconds, so that the database's clock counts and no replica's.
    jobs.sendIn(transaction, 'surface', { tenant, id }, { startAfter: Math.ceil(ms / 1_000) });

  const later = (transaction: Transaction, tenant: TenantId, id: string, ms: number) =>
    jobs.sendIn(transaction, 'note', { tenant, id }, { startAfter: Math.ceil(ms / 1_000) });

  return {
    ...surfaceCopies(pool, jobs),
    async claim(tenant, id) {
      // Before the surface is locked: whoever waits for the budget holds up no commit.
      const early = await inTenant(tenant, async (transaction) => {
        const waiting = await mayPublish(transaction, tenant, id, editsPerMinute);
        if (waiting?.kind === 'paused') await again(transaction, tenant, id, waiting.retryAfterMs);
        return waiting;
      });
      if (early !== null) return early;
      return inTenant(tenant, async (transaction) => {
        const claim = await claimIn(transaction, id);
        // The job that finds it taken or paused leaves one behind that comes back: it is never the
        // last to know of a change.
        if (claim.kind === 'busy') await again(transaction, tenant, id, BUSY_RETRY_MS);
        return claim;
      });
    },
    published: (tenant, claim, message) =>
      inTenant(tenant, (transaction) => recordIn(transaction, jobs, tenant, claim, message)),
    failed: (tenant, claim, { limit, mayStand }) =>
      inTenant(tenant, async (transaction) => {
        const { db } = transaction;
        const { id } = claim.surface;
        const [row] = await db
          .update(surfaces.surface)
          .set({ claimedUntil: null, ...(mayStand ? {} : settled(claim)) })
          .where(held(id, claim.claimedUntil))
          .returning();
        if (row === undefined) return mayStand ? undefined : settleLost(transaction, claim);
        if (limit === null) return;
        const key = limitKey(pauseKey(row), teamOf(claim.surface.to), limit);
        await pause(transaction, tenant, key, limit.retryAfterMs);
        await again(transaction, tenant, id, limit.retryAfterMs);
      }),
    claimNote: (tenant, id) =>
      inTenant(tenant, async (transaction) => {
        const [row] = await transaction.db
          .select()
          .from(surfaces.note)
          .where(eq(surfaces.note.noteId, id));
        if (row === undefined || row.toldAt !== null) return null;
        const method = row.fromMessage === null ? 'conversations.open' : 'chat.postEphemeral';
        const keys = [notePauseKey(row), methodKey(row.team, method)];
        const waitMs = await pausedMs(transaction, ...keys);
        if (waitMs === 0) return noteRow(row);
        await later(transaction, tenant, id, waitMs);
        return null;
      }),
    noteLimited: (tenant, id, limit) =>
      inTenant(tenant, async (transaction) => {
        const [row] = await transaction.db
          .select()
          .from(surfaces.note)
          .where(eq(surfaces.note.noteId, id));
        if (row === undefined) return;
        const key = limitKey(notePauseKey(row), row.team, limit);
        await pause(transaction, tenant, key, limit.retryAfterMs);
        await later(transaction, tenant, id, limit.retryAfterMs);
      }),
    noteTold: (tenant, id) =>
      inTenant(tenant, async ({ db }) => {
        await db
          .update(surfaces.note)
          // What was told is of no use any more, and may hold what people typed.
          .set({
            toldAt: sql`app.now()`,
            content: sql`jsonb_build_object('kind', content->'kind')`,
          })
          .where(eq(surfaces.note.noteId, id));
      }),
  };
}

/** Why it is not to be published now; `null` where it may be. What waits is edited once for all. */
async function mayPublish(
  transaction: Transaction,
  tenant: TenantId,
  id: string,
  editsPerMinute: number,
): Promise<Exclude<SurfaceClaim, SurfaceClaimed> | null> {
  const before = await surfaceIn(transaction, id);
  if (before === undefined || before.shown >= before.wanted) return { kind: 'nothing-new' };
  const to = before.recipient as Recipient;
  const team = teamOf(to);
  const isEdit = before.channel !== null;
  const first = to.kind === 'person' ? 'conversations.open' : 'conversations.info';
  const method = isEdit ? 'chat.update' : first;
  const pauseMs = await pausedMs(transaction, pauseKey(before), methodKey(team, method));
  if (pauseMs > 0) return { kind: 'paused', retryAfterMs: pauseMs, method };
  const { urgent } = before;
  const waitMs = isEdit
    ? await takeEdit(transaction, { tenant, team, perMinute: editsPerMinute }, urgent)
    : 0;
  return waitMs > 0 ? { kind: 'paused', retryAfterMs: waitMs, method } : null;
}

async function surfaceIn({ db }: Transaction, id: string) {
  const own = eq(surfaces.surface.surfaceId, id);
  const [row] = await db.select().from(surfaces.surface).where(own);
  return row;
}

async function claimIn(transaction: Transaction, id: string): Promise<SurfaceClaim> {
  const { db } = transaction;
  const before = await surfaceIn(transaction, id);
  if (before === undefined || before.shown >= before.wanted) return { kind: 'nothing-new' };
  const now = await databaseNow(transaction);
  const [row] = await db
    .update(surfaces.surface)
    .set({
      claimedUntil: new Date(now + CLAIM_MS),
      // Counted before it is sent: of a process that is killed in between nobody else would know.
      unanswered: sql`${surfaces.surface.unanswered} + (${surfaces.surface.channel} IS NULL)::int`,
    })
    .where(
      and(
        eq(surfaces.surface.surfaceId, id),
        or(
          isNull(surfaces.surface.claimedUntil),
          lt(surfaces.surface.claimedUntil, new Date(now)),
          // Nobody claims for so long: the clock went back since.
          gt(surfaces.surface.claimedUntil, new Date(now + 2 * CLAIM_MS)),
        ),
      ),
    )
    .returning();
  if (row === undefined) return { kind: 'busy' };
  const claimedUntil = now + CLAIM_MS;
  const { unanswered } = before;
  const surface = { ...surfaceRow(row), unanswered };
  return { kind: 'claimed', surface, version: row.wanted, claimedUntil };
}

/** A worker whose claim ran out has posted a copy beside another's; it alone knows where. */
async function recordIn(
  transaction: Transaction,
  jobs: Pick<Jobs, 'sendIn'>,
  tenant: TenantId,
  claim: SurfaceClaimed,
  message: MessageRef,
): Promise<boolean> {
  const { surface, version, claimedUntil } = claim;
  const [row] = await transaction.db
    .update(surfaces.surface)
    .set({ ...message, ...shownUpTo(version), claimedUntil: null, ...settled(claim) })
    .where(held(surface.id, claimedUntil))
    .returning();
  const before = surface.message;
  if (row === undefined) {
    await settleLost(transaction, claim);
    await addCopy(transaction, jobs, tenant, surface.id, message);
    return false;
  }
  if (before !== null && !isMessage(before, message))
    await addCopy(transaction, jobs, tenant, surface.id, before);
  return row.wanted > version;
}

/** With nothing more to show, what comes next is as urgent as it says itself. */
const shownUpTo = (version: number) => ({
  shown: version,
  firstShownAt: sql`coalesce(${surfaces.surface.firstShownAt}, app.now())`,
  urgent: sql`${surfaces.surface.urgent} AND ${surfaces.surface.wanted} > ${version}`,
});

/**
 * What became of the post that this claim began is known. Goes into the one UPDATE that gives the
 * claim back: of a row that this transaction wrote before, Postgres checks the foreign key anew at a
 * second UPDATE, unchanged as it is. That waits for a commit that is writing the bypass, while the
 * commit waits for this surface.
 */
const settled = ({ surface }: SurfaceClaimed) =>
  surface.message === null
    ? { unanswered: sql`greatest(${surfaces.surface.unanswered} - 1, 0)` }
    : {};

/** The same for a claim that was lost, with which nothing else is written. */
async function settleLost({ db }: Transaction, claim: SurfaceClaimed): Promise<void> {
  if (claim.surface.message !== null) return;
  await db
    .update(surfaces.surface)
    .set(settled(claim))
    .where(eq(surfaces.surface.surfaceId, claim.surface.id));
}

/** Whoever lost the claim to another worker neither records nor gives back anything. */
function held(id: string, claimedUntil: number) {
  return and(
    eq(surfaces.surface.surfaceId, id),
    eq(surfaces.surface.claimedUntil, new Date(claimedUntil)),
  );
}
