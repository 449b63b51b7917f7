import { eq } from 'drizzle-orm';
import type { Pool } from 'pg';
import { TeamTaken, type TenantSetup } from '#application/ports/tenant-setup';
import * as t from '../schema.ts';
import { withTenant } from '../transaction.ts';

export function tenantSetup(pool: Pool): TenantSetup {
  return {
    ensureTenant: ({ tenant: tenantId, name, team, origin }) =>
      withTenant(pool, tenantId, 'breakglass_app', async ({ db }) => {
        await db.insert(t.tenant).values({ tenantId, name }).onConflictDoNothing();
        await db
          .insert(t.logHead)
          .values({ tenantId, origin, size: 0, peaks: [] })
          .onConflictDoNothing();
        await db.insert(t.teamDirectory).values({ team, tenantId }).onConflictDoNothing();
        const [bound] = await db
          .select()
          .from(t.teamDirectory)
          .where(eq(t.teamDirectory.team, team));
        if (bound?.tenantId !== tenantId)
          throw new TeamTaken(
            `The Slack workspace ${team} belongs to another tenant than ${name} in this database. ` +
              'Write that tenant in the policy, or start with another database or data folder.',
          );
      }),
  };
}
