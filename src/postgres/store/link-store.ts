import { and, eq, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { AttemptRow, LinkStore, LinkWrites } from '#application/ports/link-store';
import type { PressAction } from '#application/ports/press';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import type { Refusal } from '#domain/refusal';
import { press } from '../schema.ts';
import * as t from '../tables/links.ts';
import { preparedApproval } from '../tables/sign-in.ts';
import { withoutTenant, withTenant, type Transaction } from '../transaction.ts';

/** What is left of a link or a browser is kept for so long behind its end, so that it is told why. */
const KEPT = sql`interval '1 day'`;

export function linkStore(pool: Pool): LinkStore {
  const within = <T>(
    tenant: TenantId,
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> => withTenant(pool, tenant, 'breakglass_app', work);
  return {
    whose: (hash) =>
      withoutTenant(pool, 'breakglass_app', async ({ db }) => {
        const [row] = await db.select().from(t.linkDirectory).where(eq(t.linkDirectory.hash, hash));
        return row === undefined ? null : (row.tenantId as TenantId);
      }),
    keepLink: (tenantId, { bypass, hash, sealed, expiresAt }) =>
      within(tenantId, async ({ db }) => {
        const values = { tenantId, bypassId: bypass, hash, link: sealed };
        const [made] = await db
          .insert(t.pageLink)
          .values({ ...values, expiresAt: new Date(expiresAt) })
          .onConflictDoNothing()
          .returning();
        if (made !== undefined) {
          await db.insert(t.linkDirectory).values({ hash, tenantId });
          return sealed;
        }
        // Another page of the same request was first; its transaction has ended, so it is seen.
        const [kept] = await db.select().from(t.pageLink).where(eq(t.pageLink.bypassId, bypass));
        return kept?.link ?? sealed;
      }),
    linked: (tenant, hash) =>
      within(tenant, async ({ db }) => {
        const [row] = await db.select().from(t.pageLink).where(eq(t.pageLink.hash, hash));
        if (row === undefined) return null;
        return { bypass: row.bypassId as BypassId, expiresAt: row.expiresAt.getTime() };
      }),
    begin: (tenantId, { id, bypass, hash, browser, sealed, expiresAt }) =>
      within(tenantId, async ({ db }) => {
        await forget(db, tenantId);
        const values = { tenantId, attemptId: id, bypassId: bypass, hash, browser, sealed };
        await db.insert(t.linkAttempt).values({ ...values, expiresAt: new Date(expiresAt) });
        await db.insert(t.linkDirectory).values({ hash, tenantId });
      }),
    attempt: (tenant, hash) =>
      within(tenant, async ({ db }) => {
        const [row] = await db.select().from(t.linkAttempt).where(eq(t.linkAttempt.hash, hash));
        return row === undefined ? null : attemptRow(row);
      }),
    comeBack: (tenantId, id, before, hash) =>
      within(tenantId, async ({ db }) => {
        const waits = and(
          eq(t.linkAttempt.attemptId, id),
          eq(t.linkAttempt.hash, before),
          isNotNull(t.linkAttempt.sealed),
        );
        const [row] = await db
          .update(t.linkAttempt)
          .set({ sealed: null, hash })
          .where(waits)
          .returning({ id: t.linkAttempt.attemptId });
        if (row === undefined) return false;
        await db.delete(t.linkDirectory).where(eq(t.linkDirectory.hash, before));
        await db.insert(t.linkDirectory).values({ hash, tenantId });
        return true;
      }),
    identified: (tenant, id, personId, expiresAt) =>
      within(tenant, async ({ db }) => {
        await db
          .update(t.linkAttempt)
          .set({ personId, expiresAt: new Date(expiresAt) })
          .where(eq(t.linkAttempt.attemptId, id));
      }),
    pressed: (tenant, key) =>
      within(tenant, async ({ db }) => {
        const [row] = await db
          .select({
            outcome: press.outcome,
            action: press.action,
            prepared: preparedApproval.preparedId,
          })
          .from(press)
          .leftJoin(preparedApproval, eq(preparedApproval.pressId, press.pressId))
          .where(eq(press.key, key));
        if (row === undefined) return null;
        const { kind } = row.action as PressAction;
        return { outcome: row.outcome as 'done' | 'refused' | null, kind, prepared: row.prepared };
      }),
  };
}

/** Within the commit of the press. */
export function linkWrites({ db }: Pick<Transaction, 'db'>): LinkWrites {
  return {
    async refuseAttempt(pressId, refusal) {
      const own = db
        .select({ id: sql<string>`substr(${press.key}, 6)::uuid` })
        .from(press)
        .where(and(eq(press.pressId, pressId), eq(press.via, 'link')));
      await db.update(t.linkAttempt).set({ refusal }).where(inArray(t.linkAttempt.attemptId, own));
    },
  };
}

async function forget(db: Transaction['db'], tenantId: TenantId): Promise<void> {
  const long = sql`app.now() - ${KEPT}`;
  const gone = [
    ...(await db.delete(t.linkAttempt).where(lt(t.linkAttempt.expiresAt, long)).returning()),
    ...(await db.delete(t.pageLink).where(lt(t.pageLink.expiresAt, long)).returning()),
  ].map(({ hash }) => hash);
  if (gone.length === 0) return;
  // A directory shows the rows of every tenant, so the tenant is named.
  await db
    .delete(t.linkDirectory)
    .where(and(eq(t.linkDirectory.tenantId, tenantId), inArray(t.linkDirectory.hash, gone)));
}

function attemptRow(row: typeof t.linkAttempt.$inferSelect): AttemptRow {
  return {
    id: row.attemptId,
    bypass: row.bypassId as BypassId,
    browser: row.browser,
    sealed: row.sealed,
    person: row.personId as PersonId | null,
    expiresAt: row.expiresAt.getTime(),
    refusal: row.refusal as Refusal | null,
  };
}
