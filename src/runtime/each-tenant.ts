import type { TenantId } from '#domain/ids';
import { withIds } from './observe/around.ts';

/** The tenants that this service looks after. */
export type Tenants = () => Promise<readonly TenantId[]>;

/**
 * Does the work for each of them, one after the other. What fails for one keeps nobody else's from
 * being done.
 *
 * @throws what failed, once all were tried: an AggregateError where it was more than one.
 */
export async function eachTenant(
  tenants: Tenants,
  work: (tenant: TenantId) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const tenant of await tenants())
    try {
      await withIds({ tenant }, () => work(tenant));
    } catch (error) {
      failures.push(error);
    }
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1)
    throw new AggregateError(failures, `it failed for ${failures.length} tenants`);
}
