import { eq } from 'drizzle-orm';
import type { Pool } from 'pg';
import {
  HomeTeamFixed,
  TeamTaken,
  type NewTenant,
  type TenantSetup,
} from '#application/ports/tenant-setup';
import * as t from '../schema.ts';
import { withTenant, type Transaction } from '../transaction.ts';

export function tenantSetup(pool: Pool): TenantSetup {
  return {
    ensureTenant: (tenant) =>
      withTenant(pool, tenant.tenant, 'breakglass_app', (transaction) =>
        ensureTenant(transaction, tenant),
      ),
  };
}

async function ensureTenant(
  transaction: Transaction,
  { tenant: tenantId, name, team, origin }: NewTenant,
): Promise<void> {
  const { db } = transaction;
  await db.insert(t.tenant).values({ tenantId, name }).onConflictDoNothing();
  await expectHome(transaction, { tenantId, name, team });
  await db.insert(t.logHead).values({ tenantId, origin, size: 0, peaks: [] }).onConflictDoNothing();
  await db.insert(t.teamDirectory).values({ team, tenantId }).onConflictDoNothing();
  const [bound] = await db.select().from(t.teamDirectory).where(eq(t.teamDirectory.team, team));
  if (bound?.tenantId !== tenantId)
    throw new TeamTaken(
      `The Slack workspace ${team} belongs to another tenant than ${name} in this database. ` +
        'Write that tenant in the policy, or start with another database or data folder.',
    );
}

/** A tenant with a workspace gets no second one here, whatever the token of this start is of. */
async function expectHome(
  { db }: Transaction,
  { tenantId, name, team }: { tenantId: string; name: string; team: string },
): Promise<void> {
  const mine = eq(t.tenant.tenantId, tenantId);
  // Of two first starts at once, with tokens of two workspaces, one waits here and is refused.
  await db.select().from(t.tenant).where(mine).for('no key update');
  const bound = await db
    .select()
    .from(t.teamDirectory)
    .where(eq(t.teamDirectory.tenantId, tenantId));
  if (bound.length === 0 || bound.some((one) => one.team === team)) return;
  const home = bound.map((one) => one.team).join(', ');
  throw new HomeTeamFixed(
    `The tenant ${name} belongs to the Slack workspace ${home}, and the bot token is of ${team}. ` +
      `Start with the bot token of ${home}: no start moves a tenant to another workspace.`,
  );
}
