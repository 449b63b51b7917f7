import { tenantIdOf } from '#application/tenant/tenant-id';
import type { TenantStore } from '#application/ports/tenant-store';
import type { TenantId } from '#domain/ids';
import { TenantUnknown } from '#postgres/store/tenant-unknown';
import { UsageError } from './report-failure.ts';

/** The id of a tenant by its name. @throws UsageError if no policy of that name was ever applied. */
export async function knownTenant(
  { store }: { readonly store: TenantStore },
  name: string,
): Promise<TenantId> {
  const tenant = tenantIdOf(name);
  try {
    await store.read(tenant, (tx) => tx.logOrigin());
  } catch (error) {
    if (!(error instanceof TenantUnknown)) throw error;
    throw new UsageError(`There is no tenant ${name} here: write the name that the policy has.`);
  }
  return tenant;
}
