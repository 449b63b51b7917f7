import { and, desc, eq, isNull, sql, type SQL } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { InstallationStore } from '#application/ports/installs';
import type { Seals } from '#application/ports/seals';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import { teamDirectory } from '../schema.ts';
import * as t from '../tables/installations.ts';
import { withoutTenant, withTenant, type Transaction } from '../transaction.ts';
import { catchUp } from './catch-up.ts';
import { knownInstallation, openTokens, sealTokens, storedInstallation } from './install-rows.ts';

type Directed = typeof teamDirectory.$inferSelect;

const byId = (id: string) =>
  and(eq(t.installation.installationId, id), isNull(t.installation.endedAt));
const ofTeam = (team: string) => and(eq(t.installation.team, team), isNull(t.installation.endedAt));
const ofEnterprise = (enterprise: string) =>
  and(
    eq(t.installation.enterprise, enterprise),
    isNull(t.installation.team),
    isNull(t.installation.endedAt),
  );
/** Past the half of its life: there is as much time again for trying. */
const TO_RENEW = sql`${t.installation.expiresAt} IS NOT NULL AND app.now() >
  ${t.installation.renewedAt} + (${t.installation.expiresAt} - ${t.installation.renewedAt}) / 2`;

/** Installations of all tenants over one pool. Tokens are sealed by their tenant's own key. */
export function installationStore(
  pool: Pool,
  jobs: Pick<Jobs, 'sendIn' | 'sendAllIn'>,
  seals: Seals,
): InstallationStore {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const directed = (key: string): Promise<Directed | undefined> =>
    withoutTenant(pool, 'breakglass_app', async ({ db }) => {
      const [row] = await db.select().from(teamDirectory).where(eq(teamDirectory.team, key));
      return row;
    });
  const row = (tenant: TenantId, which: SQL | undefined) =>
    within(tenant, async ({ db }) => {
      const [found] = await db.select().from(t.installation).where(which);
      return found;
    });
  const live = async (tenant: TenantId, which: SQL | undefined) => {
    const found = await row(tenant, which);
    return found === undefined ? null : storedInstallation(await seals.of(tenant), found);
  };
  /** Through the organisation, unless the workspace is somebody else's. */
  const ofOrganisation = async (enterprise: string, through: Directed | undefined) => {
    const whose = await directed(enterprise);
    if (whose?.kind !== 'enterprise') return null;
    if (through !== undefined && through.tenantId !== whose.tenantId) return null;
    return live(whose.tenantId as TenantId, ofEnterprise(enterprise));
  };
  return {
    async find(team, enterprise) {
      const known = team === null ? undefined : await directed(team);
      if (team !== null && known?.kind === 'team') {
        const own = await live(known.tenantId as TenantId, ofTeam(team));
        if (own !== null) return own;
      }
      const organisation = enterprise ?? (known?.kind === 'enterprise' ? team : known?.enterprise);
      if (organisation === null || organisation === undefined) return null;
      const found = await ofOrganisation(organisation, known);
      if (found !== null && team !== null && team !== organisation)
        await within(found.tenant, (transaction) =>
          noteTeam(transaction, found.tenant, team, organisation),
        );
      return found;
    },
    get: (tenant, id) => live(tenant, byId(id)),
    isBound: async (team, tenant) => (await directed(team))?.tenantId === tenant,
    async stands({ team, enterprise }) {
      const key = team ?? enterprise;
      const whose = key === null ? undefined : await directed(key);
      if (whose === undefined || key === null) return false;
      const which = team === null ? ofEnterprise(key) : ofTeam(key);
      return (await row(whose.tenantId as TenantId, which)) !== undefined;
    },
    list: (tenant) =>
      within(tenant, async ({ db }) => {
        const newestFirst = desc(t.installation.installedAt);
        const rows = await db.select().from(t.installation).orderBy(newestFirst);
        return rows.map(knownInstallation);
      }),
    end: (tenant, id, endedBy) =>
      within(tenant, async ({ db }) => {
        const ended = await db
          .update(t.installation)
          .set({ endedAt: sql`app.now()`, endedBy })
          .where(byId(id))
          .returning({ id: t.installation.installationId });
        return ended.length > 0;
      }),
    suspect: (tenant, id) =>
      within(tenant, async (transaction) => {
        await jobs.sendIn(transaction, 'installation', { tenant, id, kind: 'suspect' });
      }),
    toRenew: (tenant) =>
      within(tenant, async ({ db }) => {
        const rows = await db
          .select({ id: t.installation.installationId })
          .from(t.installation)
          .where(and(isNull(t.installation.endedAt), TO_RENEW));
        return rows.map(({ id }) => id);
      }),
    renew: async (tenant, id, ask) => {
      const seal = await seals.of(tenant);
      return within(tenant, async ({ db }) => {
        const lock = sql`SELECT pg_try_advisory_xact_lock(hashtextextended(${id}, 0)) AS mine`;
        const { rows } = await db.execute<{ mine: boolean }>(lock);
        if (rows[0]?.mine !== true) return 'not-due';
        // Read behind the lock: whoever had it before may have renewed it.
        const which = and(byId(id), TO_RENEW);
        const [found] = await db.select().from(t.installation).where(which);
        const refresh = found === undefined ? null : openTokens(seal, found).refresh;
        if (refresh === null) return 'not-due';
        // Slack has used the old one up once it answers; a crash before the commit loses the new one,
        // and the access token serves until its end, by when the app is to be installed again.
        const tokens = await ask(refresh);
        await db
          .update(t.installation)
          .set({
            tokens: sealTokens(seal, id, tokens),
            renewedAt: sql`app.now()`,
            expiresAt: expiry(tokens.ttlMs),
          })
          .where(byId(id));
        return 'renewed';
      });
    },
    catchUp: (tenant) => within(tenant, (transaction) => catchUp(transaction, jobs, tenant)),
  };
}

/** On the database's clock, from now on. */
export const expiry = (ttlMs: number | null): SQL | null =>
  ttlMs === null ? null : sql`app.now() + ${ttlMs} * interval '1 millisecond'`;

/** Which organisation serves a workspace; one that is bound to another tenant stays so. */
async function noteTeam(
  { db }: Transaction,
  tenantId: TenantId,
  team: string,
  enterprise: string,
): Promise<void> {
  await db
    .insert(teamDirectory)
    .values({ team, tenantId, enterprise })
    .onConflictDoUpdate({
      target: teamDirectory.team,
      set: { enterprise },
      setWhere: sql`${teamDirectory.tenantId} = ${tenantId}
        AND ${teamDirectory.enterprise} IS DISTINCT FROM ${enterprise}`,
    });
}
