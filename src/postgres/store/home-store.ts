import { randomUUID } from 'node:crypto';
import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import {
  HOME_FOLLOWS_MS,
  type HomeClaim,
  type HomeStore,
  type HomeWrites,
} from '#application/ports/home';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import { home } from '../tables/home.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { methodKey, pause, pausedMs } from './channel-pauses.ts';
import { databaseNow } from './clock.ts';

/** Longer than the calls for one Home, about as long as a job's takeover from a killed worker. */
const CLAIM_MS = 15_000;
const BUSY_RETRY_MS = 1_000;
/** Changes that come within so long are shown together. */
const GATHER_S = 2;

export function homeWrites(
  transaction: Transaction,
  tenant: TenantId,
  jobs: Pick<Jobs, 'sendAllIn'>,
): HomeWrites {
  return {
    async touchHomes() {
      const { db } = transaction;
      const since = new Date((await databaseNow(transaction)) - HOME_FOLLOWS_MS);
      const rows = await db
        .update(home)
        .set({ wanted: sql`${home.wanted} + 1` })
        .where(gt(home.openedAt, since))
        .returning({ id: home.homeId, wanted: home.wanted, shown: home.shown });
      // One that was behind already has a job that will see this as well.
      const upToDate = rows.filter(({ wanted, shown }) => wanted === shown + 1);
      if (upToDate.length === 0) return;
      const wanted = upToDate.map(({ id }) => ({ tenant, id }));
      await jobs.sendAllIn(transaction, 'home', wanted, { startAfter: GATHER_S });
    },
  };
}

export function homeStore(pool: Pool, jobs: Pick<Jobs, 'sendIn'>): HomeStore {
  const inTenant = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  // In seconds, so that the database's clock counts and no replica's.
  const again = (transaction: Transaction, tenant: TenantId, id: string, ms: number) =>
    jobs.sendIn(transaction, 'home', { tenant, id }, { startAfter: Math.ceil(ms / 1_000) });

  return {
    opened: (tenantId, account) =>
      inTenant(tenantId, async (transaction) => {
        const openedAt = new Date(await databaseNow(transaction));
        const [row] = await transaction.db
          .insert(home)
          .values({ tenantId, homeId: randomUUID(), ...account, openedAt })
          .onConflictDoUpdate({
            target: [home.tenantId, home.team, home.user],
            set: { openedAt, wanted: sql`${home.wanted} + 1` },
          })
          .returning({ id: home.homeId });
        // Whatever became of an earlier job: whoever looks sees what is.
        if (row !== undefined)
          await jobs.sendIn(transaction, 'home', { tenant: tenantId, id: row.id });
      }),
    claim: (tenant, id) =>
      inTenant(tenant, async (transaction) => {
        const taken = await claimIn(transaction, id);
        if (typeof taken !== 'number') return taken;
        // The job that finds it taken or paused leaves one behind: it is never the last to know.
        await again(transaction, tenant, id, taken);
        return null;
      }),
    published: (tenant, { id, version, claimedUntil }, hash) =>
      inTenant(tenant, async ({ db }) => {
        const [row] = await db
          .update(home)
          .set({ shown: version, hash, claimedUntil: null })
          .where(held(id, claimedUntil))
          .returning({ wanted: home.wanted });
        return row !== undefined && row.wanted > version;
      }),
    failed: (tenant, { id, account, claimedUntil }, limit) =>
      inTenant(tenant, async (transaction) => {
        const rows = await transaction.db
          .update(home)
          .set({ claimedUntil: null })
          .where(held(id, claimedUntil))
          .returning();
        if (rows.length === 0 || limit === null) return;
        const key = methodKey(account.team, 'views.publish');
        await pause(transaction, tenant, key, limit.retryAfterMs);
        await again(transaction, tenant, id, limit.retryAfterMs);
      }),
  };
}

/** `null` where nothing is to be shown; a number is how many milliseconds it has to wait. */
async function claimIn(transaction: Transaction, id: string): Promise<HomeClaim | number | null> {
  const { db } = transaction;
  const [before] = await db.select().from(home).where(eq(home.homeId, id));
  if (before === undefined || before.shown >= before.wanted) return null;
  const waitMs = await pausedMs(transaction, methodKey(before.team, 'views.publish'));
  if (waitMs > 0) return waitMs;
  const now = await databaseNow(transaction);
  const claimedUntil = now + CLAIM_MS;
  const free = or(
    isNull(home.claimedUntil),
    lt(home.claimedUntil, new Date(now)),
    // Nobody claims for so long: the clock went back since.
    gt(home.claimedUntil, new Date(now + 2 * CLAIM_MS)),
  );
  const [row] = await db
    .update(home)
    .set({ claimedUntil: new Date(claimedUntil) })
    .where(and(eq(home.homeId, id), free))
    .returning();
  if (row === undefined) return BUSY_RETRY_MS;
  const { team, user, hash, wanted: version } = row;
  return { id, account: { team, user }, hash, version, claimedUntil };
}

/** Whoever lost the claim to another worker neither records nor gives back anything. */
const held = (id: string, claimedUntil: number) =>
  and(eq(home.homeId, id), eq(home.claimedUntil, new Date(claimedUntil)));
