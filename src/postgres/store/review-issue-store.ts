import { and, eq, lte, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { ReviewIssueStore } from '#application/ports/review-issues';
import type { BypassId } from '#domain/ids';
import { reviewIssue as t } from '../tables/reviews.ts';
import { withTenant } from '../transaction.ts';

/** Longer than a worker may take with a tracker that does not answer. */
const CLAIM = sql`app.now() + interval '2 minutes'`;

export function reviewIssueStore(pool: Pool): ReviewIssueStore {
  const of = (bypass: BypassId, repository: number) =>
    and(eq(t.bypassId, bypass), eq(t.repository, String(repository)));
  return {
    claim: (tenantId, bypassId, repository) =>
      withTenant(pool, tenantId, 'breakglass_app', async ({ db }) => {
        const [row] = await db
          .insert(t)
          .values({ tenantId, bypassId, repository: String(repository), claimedUntil: CLAIM })
          .onConflictDoUpdate({
            target: [t.tenantId, t.bypassId, t.repository],
            set: { claimedUntil: CLAIM },
            setWhere: lte(t.claimedUntil, sql`app.now()`),
          })
          .returning({ number: t.number, shown: t.shown });
        return row ?? null;
      }),
    release: (tenantId, bypassId, repository, kept) =>
      withTenant(pool, tenantId, 'breakglass_app', async ({ db }) => {
        await db
          .update(t)
          .set({ claimedUntil: sql`app.now()`, ...kept })
          .where(of(bypassId, repository));
      }),
  };
}
