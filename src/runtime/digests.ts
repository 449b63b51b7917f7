import type { Logger } from 'pino';
import { wantDigests } from '#application/digest/want-digests';
import { eachTenant, type Tenants } from './each-tenant.ts';
import { startPoll } from './poll.ts';
import type { Stores } from './stores.ts';

const EACH_HALF_HOUR = '0 1,31 * * * *';

/** Looks whether the digest of a week is due. A replica that was away tells it when it is back. */
export function startDigests(
  stores: Pick<Stores, 'store' | 'digests'>,
  tenants: Tenants,
  log: Logger,
  cleanup: AsyncDisposableStack,
): void {
  const poll = startPoll(
    {
      name: 'digests',
      at: EACH_HALF_HOUR,
      atStart: true,
      look: () => eachTenant(tenants, (tenant) => wantDigests(stores, tenant)),
      onError: (err) => log.warn({ err }, 'it could not be seen whether a digest is due'),
    },
    log,
  );
  cleanup.defer(() => poll.stop());
}
