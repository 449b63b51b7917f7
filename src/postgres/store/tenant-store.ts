import { getTableColumns, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { LockedHead, TenantStore } from '#application/ports/tenant-store';
import type { Jobs } from '../jobs.ts';
import * as t from '../schema.ts';
import { eventSubscription } from '../tables/events.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { policyCache, type PolicyCache } from './policy-cache.ts';
import { tenantReads } from './tenant-reads.ts';
import { TenantUnknown } from './tenant-unknown.ts';
import { tenantWrites } from './tenant-writes.ts';

/** The stores of all tenants over one pool, as the role that serves requests and jobs. */
export function tenantStore(
  pool: Pool,
  jobs: Pick<Jobs, 'sendIn' | 'sendAllIn'>,
  policies: PolicyCache = policyCache(),
): TenantStore {
  return {
    read: (tenant, work) =>
      withTenant(pool, tenant, 'breakglass_app', (transaction) =>
        work(tenantReads(transaction, tenant, policies)),
      ),
    locked: (tenant, work) =>
      withTenant(pool, tenant, 'breakglass_app', async (transaction) => {
        const log = await lockLog(transaction);
        const reads = tenantReads(transaction, tenant, policies);
        return work(tenantWrites(reads, transaction, tenant, log, jobs));
      }),
  };
}

/** Read with the head, so that a tenant without webhooks pays no query for them. */
const HAS_WEBHOOKS = sql<boolean>`EXISTS (SELECT FROM ${eventSubscription} WHERE gone_at IS NULL)`;

/** The one lock of a commit, taken first: a tenant's commits queue here, so no two can deadlock. */
async function lockLog({ db }: Transaction): Promise<LockedHead> {
  const [head] = await db
    .select({ ...getTableColumns(t.logHead), hasWebhooks: HAS_WEBHOOKS })
    .from(t.logHead)
    .for('update');
  if (head === undefined) throw new TenantUnknown('this tenant has no log');
  const { origin, size, peaks, logKey, serviceKey, hasWebhooks } = head;
  const keys = { log: logKey, service: serviceKey };
  return { origin, frontier: { size, peaks }, keys, hasWebhooks };
}
