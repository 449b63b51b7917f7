import { inArray, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import {
  TENANT_SECRETS,
  type TenantSecret,
  type TenantSecrets,
} from '#application/ports/tenant-secrets';
import * as t from '../schema.ts';
import { withTenant } from '../transaction.ts';
import type { SecretStore } from './secret-store.ts';

/** No other secret is called so, and none of these opens as another. */
const purposeOf = (name: TenantSecret): string => `own/${name}`;

/**
 * What tenants bring, among the secrets that are sealed under BREAKGLASS_KEK and sealed anew with
 * them. One that was taken away stays as an empty one: rows of secrets are never deleted.
 */
export function tenantSecrets(
  pool: Pool,
  secrets: Pick<SecretStore, 'seal' | 'open'>,
): TenantSecrets {
  return {
    put: (tenant, name, value) =>
      withTenant(pool, tenant, 'breakglass_app', async ({ db }) => {
        const purpose = purposeOf(name);
        const sealed = secrets.seal(tenant, purpose, new TextEncoder().encode(value ?? ''));
        const row = { tenantId: tenant, purpose, sealed };
        const added = await db.insert(t.secret).values(row).onConflictDoNothing().returning();
        if (added.length > 0) return;
        const [stored] = await db
          .select()
          .from(t.secret)
          .where(inArray(t.secret.purpose, [purpose]));
        const was = Buffer.from(stored?.sealed ?? []);
        await db.execute(sql`SELECT app.reseal(${purpose}, ${was}, ${Buffer.from(sealed)})`);
      }),
    of: (tenant) =>
      withTenant(pool, tenant, 'breakglass_app', async ({ db }) => {
        const purposes = TENANT_SECRETS.map(purposeOf);
        const rows = await db.select().from(t.secret).where(inArray(t.secret.purpose, purposes));
        const found = TENANT_SECRETS.flatMap((name) => {
          const row = rows.find(({ purpose }) => purpose === purposeOf(name));
          if (row === undefined) return [];
          const opened = secrets.open(tenant, purposeOf(name), row.sealed);
          return opened.length === 0 ? [] : [[name, new TextDecoder().decode(opened)] as const];
        });
        return Object.fromEntries(found);
      }),
  };
}
