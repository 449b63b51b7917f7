import type { Pool } from 'pg';
import type { LockedHead, TenantStore } from '#application/ports/tenant-store';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
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
        const log = await lockLog(transaction, tenant);
        const reads = tenantReads(transaction, tenant, policies);
        return work(tenantWrites(reads, transaction, tenant, log, jobs));
      }),
  };
}

/** The one lock of a commit, taken first: a tenant's commits queue here, so no two can deadlock. */
async function lockLog({ client }: Transaction, tenant: TenantId): Promise<LockedHead> {
  const { rows } = await client.query<Head>({ name: 'lock-log', text: LOCK, values: [tenant] });
  const [head] = rows;
  if (head === undefined) throw new TenantUnknown('this tenant has no log');
  const { origin, size, peaks, log, service, webhooks: hasWebhooks, held, restores } = head;
  const keys = { log, service };
  return { origin, frontier: { size, peaks }, keys, hasWebhooks, held, restores };
}

interface Head {
  readonly origin: string;
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
  readonly log: number;
  readonly service: number;
  readonly webhooks: boolean;
  readonly held: string | null;
  readonly restores: number;
}

// Webhooks are asked for with the head, so that a tenant without any pays no query for them.
const LOCK = `
  SELECT origin, size, peaks, log_key AS log, service_key AS service, held_note AS held, restores,
      EXISTS (SELECT FROM app.event_subscription s
        WHERE s.tenant_id = $1 AND s.gone_at IS NULL) AS webhooks
    FROM app.log_head WHERE tenant_id = $1 FOR UPDATE`;
