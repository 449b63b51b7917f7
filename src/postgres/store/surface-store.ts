import { and, eq, gt, lt, isNull, or, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { SurfaceClaim, SurfaceStore } from '#application/ports/surface-store';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import * as t from '../schema.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { databaseNow } from './clock.ts';
import { surfaceRow } from './rows.ts';

/** Longer than any call to Slack, shorter than a job's takeover from a killed worker. */
const CLAIM_MS = 8_000;
const BUSY_RETRY_MS = 1_000;

export function surfaceStore(pool: Pool, jobs: Pick<Jobs, 'sendIn'>): SurfaceStore {
  const inTenant = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const again = (transaction: Transaction, tenant: TenantId, id: string, ms: number) =>
    // In seconds, so that the database's clock counts and no replica's.
    jobs.sendIn(transaction, 'surface', { tenant, id }, { startAfter: Math.ceil(ms / 1_000) });

  return {
    claim: (tenant, id) =>
      inTenant(tenant, async (transaction) => {
        const claim = await claimIn(transaction, id);
        // The job that finds it taken or paused leaves one behind that comes back: it is never the
        // last to know of a change.
        if (claim.kind === 'busy') await again(transaction, tenant, id, BUSY_RETRY_MS);
        if (claim.kind === 'paused') await again(transaction, tenant, id, claim.retryAfterMs);
        return claim;
      }),
    published: (tenant, id, version, message) =>
      inTenant(tenant, async ({ db }) => {
        const [row] = await db
          .update(t.surface)
          .set({ ...message, shown: version, claimedUntil: null })
          .where(eq(t.surface.surfaceId, id))
          .returning();
        return row !== undefined && row.wanted > version;
      }),
    failed: (tenant, id, retryAfterMs) =>
      inTenant(tenant, async (transaction) => {
        const { db } = transaction;
        const [row] = await db
          .update(t.surface)
          .set({ claimedUntil: null })
          .where(eq(t.surface.surfaceId, id))
          .returning();
        if (row === undefined || retryAfterMs === null) return;
        const channel = pauseKey(row);
        const until = new Date((await databaseNow(transaction)) + retryAfterMs);
        await db
          .insert(t.channelPause)
          .values({ tenantId: tenant, channel, until })
          .onConflictDoUpdate({
            target: [t.channelPause.tenantId, t.channelPause.channel],
            set: { until: sql`greatest(${t.channelPause.until}, excluded.until)` },
          });
        await again(transaction, tenant, id, retryAfterMs);
      }),
    noteTold: (tenant, id) =>
      inTenant(tenant, async ({ db }) => {
        await db
          .update(t.note)
          .set({ toldAt: sql`app.now()` })
          .where(eq(t.note.noteId, id));
      }),
  };
}

async function claimIn(transaction: Transaction, id: string): Promise<SurfaceClaim> {
  const { db } = transaction;
  const [before] = await db.select().from(t.surface).where(eq(t.surface.surfaceId, id));
  if (before === undefined || before.shown >= before.wanted) return { kind: 'nothing-new' };
  const now = await databaseNow(transaction);
  const [pause] = await db
    .select()
    .from(t.channelPause)
    .where(
      and(eq(t.channelPause.channel, pauseKey(before)), gt(t.channelPause.until, new Date(now))),
    );
  if (pause !== undefined) return { kind: 'paused', retryAfterMs: pause.until.getTime() - now };
  const [row] = await db
    .update(t.surface)
    .set({ claimedUntil: new Date(now + CLAIM_MS) })
    .where(
      and(
        eq(t.surface.surfaceId, id),
        or(isNull(t.surface.claimedUntil), lt(t.surface.claimedUntil, new Date(now))),
      ),
    )
    .returning();
  if (row === undefined) return { kind: 'busy' };
  return { kind: 'claimed', surface: surfaceRow(row), version: row.wanted };
}

/** The channel that Slack counts a message against; before the first message, the recipient. */
function pauseKey(row: typeof t.surface.$inferSelect): string {
  return row.channel ?? row.recipientKey;
}
