import { and, eq, sql } from 'drizzle-orm';
import { GATE_ITSELF, type AskedBy } from '#application/decision/asked-by';
import type { LeaseOf } from '#application/ports/tenant-store';
import type { TenantId } from '#domain/ids';
import * as t from '../schema.ts';
import type { Transaction } from '../transaction.ts';

interface LeaseKey {
  readonly tenantId: TenantId;
  readonly bypassId: string;
  readonly deploy: string;
}

const key = [t.lease.tenantId, t.lease.bypassId, t.lease.deploy];
const latest = sql`greatest(${t.lease.until}, excluded.until)`;

/** One to be renewed: by whom, and until when. */
interface Renewal extends LeaseKey {
  readonly until: number;
  readonly asker: AskedBy;
}

/**
 * A lease lives until the later of both; a late message cannot shorten it. It stays with who asked
 * first: for anybody else it is left as it is. A gate system renews whatever runs behind its gate, and
 * what it let through by itself others may ask about.
 *
 * @param renewals each of another deploy. @returns which of them were renewed, in their order.
 */
export async function renewLeases(
  { db }: Transaction,
  renewals: readonly Renewal[],
): Promise<readonly boolean[]> {
  if (renewals.length === 0) return [];
  const renewed = await db
    .insert(t.lease)
    .values(renewals.map(({ until, ...lease }) => ({ ...lease, until: new Date(until) })))
    .onConflictDoUpdate({
      target: key,
      set: { until: latest, asker: sql`coalesce(${t.lease.asker}, excluded.asker)` },
      setWhere: sql`coalesce(${t.lease.asker}, excluded.asker) IN (excluded.asker, ${GATE_ITSELF}) OR excluded.asker = ${GATE_ITSELF}`,
    })
    .returning({ bypass: t.lease.bypassId, deploy: t.lease.deploy });
  const names = new Set(renewed.map(({ bypass, deploy }) => `${bypass} ${deploy}`));
  return renewals.map(({ bypassId, deploy }) => names.has(`${bypassId} ${deploy}`));
}

/** The same lease under another bypass. */
export async function takeOverLease(
  { db }: Transaction,
  from: LeaseOf,
  { tenantId, bypassId, deploy }: LeaseKey,
): Promise<void> {
  const [lease] = await db
    .select()
    .from(t.lease)
    .where(and(eq(t.lease.bypassId, from.bypass), eq(t.lease.deploy, from.deploy)));
  if (lease === undefined) return;
  const { until, asker } = lease;
  await db
    .insert(t.lease)
    .values({ tenantId, bypassId, deploy, until, asker })
    .onConflictDoUpdate({ target: key, set: { until: latest } });
}
