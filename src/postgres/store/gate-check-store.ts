import { and, eq } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { GateCheck, GateChecks } from '#application/ports/gate-checks';
import type { TenantId } from '#domain/ids';
import { gateCheck } from '../tables/gate-runs.ts';
import { withTenant, type Transaction } from '../transaction.ts';

/** Checks that gates show, over one pool. */
export function gateCheckStore(pool: Pool): GateChecks {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const isThis = (gate: string, branch: string) =>
    and(eq(gateCheck.gate, gate), eq(gateCheck.branch, branch));
  return {
    newest: (tenant, gate, branch, commit) =>
      within(tenant, async ({ db }) => {
        const fresh = {
          tenantId: tenant,
          gate,
          branch,
          commit,
          checkId: null,
          shows: 'none' as const,
          shownUntil: null,
        };
        await db.insert(gateCheck).values(fresh).onConflictDoNothing();
        const [row] = await db.select().from(gateCheck).where(isThis(gate, branch)).for('update');
        if (row?.commit === commit) return checkOf(row);
        await db
          .update(gateCheck)
          .set({ commit, checkId: null, shows: 'none', shownUntil: null })
          .where(isThis(gate, branch));
        return checkOf(fresh);
      }),
    of: (tenant, gate) =>
      within(tenant, async ({ db }) => {
        const rows = await db.select().from(gateCheck).where(eq(gateCheck.gate, gate));
        return rows.map(checkOf);
      }),
    shown: (tenant, { gate, branch, commit, check, shows, until }) =>
      within(tenant, async ({ db }) => {
        const changed = await db
          .update(gateCheck)
          .set({ checkId: check, shows, shownUntil: until === null ? null : new Date(until) })
          .where(and(isThis(gate, branch), eq(gateCheck.commit, commit)))
          .returning({ branch: gateCheck.branch });
        return changed.length > 0;
      }),
    forget: (tenant, { gate, branch, commit }) =>
      within(tenant, async ({ db }) => {
        await db.delete(gateCheck).where(and(isThis(gate, branch), eq(gateCheck.commit, commit)));
      }),
  };
}

type Row = typeof gateCheck.$inferSelect;

function checkOf({ gate, branch, commit, checkId: check, shows, shownUntil }: Row): GateCheck {
  return { gate, branch, commit, check, shows, until: shownUntil?.getTime() ?? null };
}
