import { and, eq, ne, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { GateRun, GateRunKey, GateRuns } from '#application/ports/gate-runs';
import type { TenantId } from '#domain/ids';
import { gateRun, gateStop } from '../tables/gate-runs.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { databaseNow } from './clock.ts';

/** Runs that asked at a gate, over one pool. */
export function gateRunStore(pool: Pool): GateRuns {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  return {
    add: (tenant, run) =>
      within(tenant, async (transaction) => {
        const askedAt = new Date(await databaseNow(transaction));
        const row = { ...run, tenantId: tenant, askedAt };
        await transaction.db
          .insert(gateRun)
          .values(row)
          .onConflictDoUpdate({
            target: KEY,
            set: {
              state: 'waiting',
              delivery: run.delivery,
              answered: false,
              // It asks again after it was let through: an approval may have arrived unseen.
              began: sql`CASE WHEN ${gateRun.state} = 'approved' THEN true ELSE ${gateRun.began} END`,
              reports: 0,
              lastReport: null,
            },
            setWhere: sql`${gateRun.delivery} IS DISTINCT FROM ${run.delivery}`,
          });
      }),
    open: (tenant, gate) =>
      within(tenant, async ({ db }) => {
        const isOpen = and(eq(gateRun.gate, gate), ne(gateRun.state, 'ended'));
        const rows = await db
          .select()
          .from(gateRun)
          .where(isOpen)
          .orderBy(sql`${gateRun.askedAt} DESC`, sql`${gateRun.run} DESC`);
        return rows.map(runOf);
      }),
    ofRun: (tenant, run) =>
      within(tenant, async ({ db }) => {
        const rows = await db.select().from(gateRun).where(eq(gateRun.run, run));
        return rows.map(runOf);
      }),
    knows: (tenant, gate, environment) =>
      within(tenant, async ({ db }) => {
        const isHere = and(eq(gateRun.gate, gate), eq(gateRun.environment, environment));
        const found = await db.select({ run: gateRun.run }).from(gateRun).where(isHere).limit(1);
        return found.length > 0;
      }),
    change: (tenant, key, to) =>
      within(tenant, async ({ db }) => {
        await db.update(gateRun).set(to).where(isThis(key));
      }),
    stopping: (tenant, gate, run, attempt) =>
      within(tenant, async (transaction) => {
        const { db } = transaction;
        const now = await databaseNow(transaction);
        const key = { tenantId: tenant, gate, run, attempt };
        await db
          .insert(gateStop)
          .values({ ...key, askedAt: new Date(now) })
          .onConflictDoNothing();
        const [first] = await db
          .select()
          .from(gateStop)
          .where(
            and(eq(gateStop.gate, gate), eq(gateStop.run, run), eq(gateStop.attempt, attempt)),
          );
        return now - (first?.askedAt.getTime() ?? now);
      }),
  };
}

const KEY = [gateRun.tenantId, gateRun.gate, gateRun.environment, gateRun.run, gateRun.attempt];

const isThis = ({ gate, environment, run, attempt }: GateRunKey) =>
  and(
    eq(gateRun.gate, gate),
    eq(gateRun.environment, environment),
    eq(gateRun.run, run),
    eq(gateRun.attempt, attempt),
  );

function runOf({ askedAt, ...row }: typeof gateRun.$inferSelect): GateRun {
  return { ...row, askedAt: askedAt.getTime() };
}
