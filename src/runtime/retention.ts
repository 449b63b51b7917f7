import type { Logger } from 'pino';
import { eraseOldTexts } from '#application/erasure/erase-old-texts';
import type { Ports } from '#application/ports/ports';
import { eachTenant, type Tenants } from './each-tenant.ts';
import { startPoll } from './poll.ts';

const EACH_HOUR = '0 17 * * * *';

/** Erases what people typed once the policy keeps it no longer. Of several replicas one finds something. */
export function startRetention(
  ports: Pick<Ports, 'store' | 'keys' | 'newSalt'>,
  tenants: Tenants,
  log: Logger,
  cleanup: AsyncDisposableStack,
): void {
  const poll = startPoll(
    {
      name: 'retention',
      at: EACH_HOUR,
      atStart: true,
      look: () =>
        eachTenant(tenants, async (tenant) => {
          const count = await eraseOldTexts(ports, tenant);
          if (count > 0) log.info({ count }, 'texts were erased that the policy keeps no longer');
        }),
      onError: (err) => log.warn({ err }, 'texts that the policy keeps no longer are still there'),
    },
    log,
  );
  cleanup.defer(() => poll.stop());
}
