import { tenantKeyStore } from './tenant-key-store.ts';
import { localKeyRing } from './local-key.ts';
import type { Jobs } from '#postgres/jobs';
import { logReader } from '#postgres/store/log-reader';
import { peopleStore } from '#postgres/store/people-store';
import { pressStore } from '#postgres/store/press-store';
import { secretStore } from '#postgres/store/secret-store';
import { surfaceStore } from '#postgres/store/surface-store';
import { tenantDirectory } from '#postgres/store/tenant-directory';
import { tenantSetup } from '#postgres/store/tenant-setup';
import { tenantStore } from '#postgres/store/tenant-store';
import { tokenStore } from '#postgres/store/token-store';
import type { Config, Secrets } from './config/read-config.ts';
import type { Database } from './database.ts';

/** Every store over one pool, and the tenants' keys. */
export async function openStores(
  config: Pick<Config, 'dataDir'>,
  secrets: Pick<Secrets, 'keyRing'>,
  { pool, jobs }: Pick<Database, 'pool'> & { readonly jobs: Pick<Jobs, 'sendIn'> },
) {
  const sealed = secretStore(pool, secrets.keyRing ?? (await localKeyRing(config.dataDir)));
  const store = tenantStore(pool, jobs);
  return {
    store,
    secrets: sealed,
    keys: tenantKeyStore(sealed, (tenant) => store.read(tenant, (tx) => tx.logOrigin())),
    people: peopleStore(pool),
    presses: pressStore(pool, jobs),
    surfaces: surfaceStore(pool, jobs),
    tenants: tenantDirectory(pool),
    tokens: tokenStore(pool),
    setup: tenantSetup(pool),
    logs: logReader(pool),
  };
}
