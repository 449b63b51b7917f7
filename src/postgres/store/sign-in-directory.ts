import { eq } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { SignInDirectory } from '#application/ports/sign-in';
import type { TenantId } from '#domain/ids';
import * as t from '../tables/sign-in.ts';
import { withoutTenant } from '../transaction.ts';

export function signInDirectory(pool: Pool): SignInDirectory {
  return {
    find: (hash) =>
      withoutTenant(pool, 'breakglass_app', async ({ db }) => {
        const [row] = await db
          .select()
          .from(t.signInDirectory)
          .where(eq(t.signInDirectory.hash, hash));
        return row === undefined ? null : { tenant: row.tenantId as TenantId, id: row.preparedId };
      }),
  };
}
