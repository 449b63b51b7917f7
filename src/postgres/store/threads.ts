import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { Recipient } from '#application/ports/surface';
import type { ThreadJob, ThreadStore, WarningWrites } from '#application/ports/threads';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import { bypass } from '../schema.ts';
import { question } from '../tables/claims.ts';
import * as surfaces from '../tables/surfaces.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { limitKey, methodKey, pause, pausedMs, pauseKey, teamOf } from './channel-pauses.ts';
import { surfaceRow } from './rows.ts';

type Sends = Pick<Jobs, 'sendIn'>;

export function warningWrites(
  transaction: Transaction,
  tenant: TenantId,
  jobs: Sends,
): WarningWrites {
  return {
    async sayExpiring(id) {
      await jobs.sendIn(transaction, 'thread', { tenant, id, kind: 'expiring' });
    },
    async markWarned(id) {
      const rows = await transaction.db
        .update(bypass)
        .set({ warnedAt: sql`app.now()` })
        .where(and(eq(bypass.bypassId, id), isNull(bypass.warnedAt)))
        .returning({ id: bypass.bypassId });
      return rows.length > 0;
    },
  };
}

export function threadStore(pool: Pool, jobs: Sends): ThreadStore {
  const inTenant = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  // In seconds, so that the database's clock counts and no replica's.
  const later = (transaction: Transaction, tenant: TenantId, job: ThreadJob, ms: number) =>
    jobs.sendIn(transaction, 'thread', { tenant, ...job }, { startAfter: Math.ceil(ms / 1_000) });

  return {
    cardToSayUnder: (tenant, id, job) =>
      inTenant(tenant, async (transaction) => {
        const row = await firstCard(transaction, id);
        if (row === undefined) return null;
        const asksFirst = methodKey(teamOf(row.recipient as Recipient), 'conversations.info');
        const waitMs = await pausedMs(transaction, pauseKey(row), asksFirst);
        if (waitMs === 0) return surfaceRow(row);
        await later(transaction, tenant, job, waitMs);
        return null;
      }),
    threadLimited: (tenant, { bypass: id }, job, limit) =>
      inTenant(tenant, async (transaction) => {
        const row = await firstCard(transaction, id);
        if (row === undefined) return;
        const key = limitKey(pauseKey(row), teamOf(row.recipient as Recipient), limit);
        await pause(transaction, tenant, key, limit.retryAfterMs);
        await later(transaction, tenant, job, limit.retryAfterMs);
      }),
    question: (tenant, id) =>
      inTenant(tenant, async ({ db }) => {
        const [row] = await db.select().from(question).where(eq(question.questionId, id));
        if (row === undefined || row.text === null) return null;
        const { bypassId, personId, text } = row;
        return { id, bypass: bypassId as BypassId, person: personId as PersonId, text };
      }),
    questionPosted: (tenant, id) =>
      inTenant(tenant, async ({ db }) => {
        await db.update(question).set({ text: null }).where(eq(question.questionId, id));
      }),
  };
}

/** Everybody's before the requester's own. */
async function firstCard({ db }: Transaction, id: BypassId) {
  const { surface } = surfaces;
  const [row] = await db
    .select()
    .from(surface)
    .where(and(eq(surface.bypassId, id), sql`${surface.kind} IN ('incident', 'requester')`))
    .orderBy(sql`${surface.kind} <> 'incident'`)
    .limit(1);
  return row;
}
