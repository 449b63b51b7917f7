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

/** One to be renewed, and by whom. */
type Renewal = LeaseOf & { readonly by: AskedBy };

/**
 * A lease lives until the later of both; a late message cannot shorten it. It stays with who asked
 * first: for anybody else it is left as it is. A gate system renews whatever runs behind its gate, and
 * ends it from then on, else a job of the run could say that the run is over. Others may ask about it.
 *
 * @param renewals each of another deploy. @returns which of them were renewed, in their order.
 */
export async function renewLeases(
  { client }: Transaction,
  tenant: TenantId,
  renewals: readonly Renewal[],
  until: number,
): Promise<readonly boolean[]> {
  if (renewals.length === 0) return [];
  const { rows } = await client.query<{ readonly bypass: string; readonly deploy: string }>({
    name: 'renew-leases',
    text: RENEW,
    values: [
      tenant,
      new Date(until),
      renewals.map(({ bypass }) => bypass),
      renewals.map(({ deploy }) => deploy),
      renewals.map(({ by }) => by),
    ],
  });
  const names = new Set(rows.map(({ bypass, deploy }) => `${bypass} ${deploy}`));
  return renewals.map(({ bypass, deploy }) => names.has(`${bypass} ${deploy}`));
}

// One text for any number of them, so that it is parsed and planned once a connection.
const RENEW = `
  INSERT INTO app.lease AS lease (tenant_id, bypass_id, deploy, until, asker)
    SELECT $1::uuid, r.bypass, r.deploy, $2::timestamptz, r.asker
      FROM unnest($3::uuid[], $4::text[], $5::text[]) AS r (bypass, deploy, asker)
  ON CONFLICT (tenant_id, bypass_id, deploy) DO UPDATE
    SET until = greatest(lease.until, excluded.until),
      asker = CASE WHEN excluded.asker = '${GATE_ITSELF}' THEN excluded.asker
        ELSE coalesce(lease.asker, excluded.asker) END
    WHERE coalesce(lease.asker, excluded.asker) IN (excluded.asker, '${GATE_ITSELF}')
      OR excluded.asker = '${GATE_ITSELF}'
  RETURNING bypass_id AS bypass, deploy`;

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
