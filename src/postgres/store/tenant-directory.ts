import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { TenantDirectory } from '#application/ports/directory-store';
import type { TenantId } from '#domain/ids';
import * as t from '../schema.ts';
import { withoutTenant } from '../transaction.ts';
import { databaseNow } from './clock.ts';

export function tenantDirectory(pool: Pool): TenantDirectory {
  // A workspace is bound to its tenant once and never moved, so what was read stays true.
  const known = new Map<string, TenantId>();
  return {
    async tenantOfTeam(team) {
      const found = known.get(team);
      if (found !== undefined) return found;
      const [row] = await withoutTenant(pool, 'breakglass_app', ({ db }) =>
        db.select().from(t.teamDirectory).where(eq(t.teamDirectory.team, team)),
      );
      if (row === undefined) return null;
      known.set(team, row.tenantId as TenantId);
      return row.tenantId as TenantId;
    },
    now: () => withoutTenant(pool, 'breakglass_app', databaseNow),
    tenants: () =>
      withoutTenant(pool, 'breakglass_app', async ({ db }) => {
        const rows = await db
          .selectDistinct({ tenant: t.teamDirectory.tenantId })
          .from(t.teamDirectory)
          .orderBy(asc(t.teamDirectory.tenantId));
        return rows.map((row) => row.tenant as TenantId);
      }),
    async tenantsDue(limit, after) {
      const behind = after === undefined ? undefined : gt(t.deadline.tenantId, after);
      const rows = await withoutTenant(pool, 'breakglass_app', ({ db }) =>
        db
          .selectDistinct({ tenant: t.deadline.tenantId })
          .from(t.deadline)
          .where(and(lte(t.deadline.dueAt, sql`app.now()`), behind))
          .orderBy(asc(t.deadline.tenantId))
          .limit(limit),
      );
      return rows.map((row) => row.tenant as TenantId);
    },
  };
}
