import type { Pool } from 'pg';
import { createPool } from '#postgres/connection';
import { runningServerUrl } from '#postgres/embedded/running-server-url';
import { openStores } from '#runtime/stores';
import type { Stores } from '../../open-stores.ts';

export interface PageStores {
  readonly stores: Stores;
  /** As the owner of the schema, whom row-level security does not bind. */
  readonly pool: Pool;
}

const refused = () => Promise.reject(new TypeError('the page of the demo adds no jobs'));
const noJobs = { sendIn: refused, sendAllIn: refused };

/** The stores of the running service, opened once for as long as its page is served. */
export async function openPageStores(
  dataDir: string,
  cleanup: AsyncDisposableStack,
): Promise<PageStores> {
  const url = await runningServerUrl(dataDir);
  if (url === null) throw new TypeError('the database of the demo does not run');
  const pool = createPool(url, {
    // The embedded server ends its connections with it.
    onConnectionError: () => undefined,
  });
  cleanup.defer(() => pool.end());
  const stores = await openStores({ dataDir }, { keyRing: null }, { pool, jobs: noJobs });
  return { stores, pool };
}
