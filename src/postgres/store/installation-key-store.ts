import { like, or, eq, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type {
  InstallationKeyPurpose,
  InstallationKeyStore,
} from '#application/ports/installation-keys';
import * as t from '../schema.ts';
import { withTenant } from '../transaction.ts';
import { databaseNow } from './clock.ts';
import { versionedPurpose, versionOf } from './key-names.ts';
import { INSTALLATION, type SecretStore } from './secret-store.ts';

const nameOf = (purpose: InstallationKeyPurpose): string => `${purpose}-key`;

/** The installation's own keys, which stand among the secrets under the nil tenant. */
export function installationKeyStore(
  pool: Pool,
  secrets: Pick<SecretStore, 'open' | 'seal'>,
): InstallationKeyStore {
  return {
    read: (purpose) =>
      withTenant(pool, INSTALLATION, 'breakglass_app', async (transaction) => {
        const name = nameOf(purpose);
        const rows = await transaction.db
          .select()
          .from(t.secret)
          .where(or(eq(t.secret.purpose, name), like(t.secret.purpose, `${name}:%`)));
        const keys = rows.flatMap(({ purpose: named, sealed, createdAt, signsFrom }) => {
          const version = versionOf(name, named);
          if (version === null) return [];
          return {
            version,
            madeAt: createdAt?.getTime() ?? 0,
            signsFrom: signsFrom?.getTime() ?? null,
            secret: secrets.open(INSTALLATION, named, sealed),
          };
        });
        // Read behind the rows: none of them is from its future.
        return { now: await databaseNow(transaction), keys };
      }),
    add: (purpose, version, secret, leadMs) =>
      withTenant(pool, INSTALLATION, 'breakglass_app', async ({ db }) => {
        const named = versionedPurpose(nameOf(purpose), version);
        const added = await db
          .insert(t.secret)
          .values({
            tenantId: INSTALLATION,
            purpose: named,
            sealed: secrets.seal(INSTALLATION, named, secret),
            signsFrom: sql`app.now() + ${leadMs} * interval '1 millisecond'`,
          })
          .onConflictDoNothing()
          .returning({ purpose: t.secret.purpose });
        return added.length > 0;
      }),
  };
}
