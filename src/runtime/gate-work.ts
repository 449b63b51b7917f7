import type { Logger } from 'pino';
import type { GatePorts } from '#application/gates/reconcile-gate';
import { forgetUnknownGates, wantGates } from '#application/gates/want-gates';
import type { TenantId } from '#domain/ids';
import { eachTenant, type Tenants } from './each-tenant.ts';
import { startPoll } from './poll.ts';

const EACH_MINUTE = '* * * * *';

/**
 * Has the gates that hold exceptions brought to what is wanted, at the start and once a minute: what a
 * lost job or a restarted gate system left undone is done then. What stands for gates that nobody knows
 * of goes at the start.
 *
 * @param kinds that are set up.
 */
export function startGatePoll(
  ports: GatePorts,
  kinds: readonly string[],
  tenants: Tenants,
  log: Logger,
  cleanup: AsyncDisposableStack,
): void {
  const cleared = new Set<TenantId>();
  const poll = startPoll(
    {
      name: 'gates',
      at: EACH_MINUTE,
      atStart: true,
      look: () =>
        eachTenant(tenants, async (tenant) => {
          await wantGates(ports, tenant);
          if (cleared.has(tenant)) return;
          await forgetUnknownGates(ports, tenant, kinds);
          cleared.add(tenant);
        }),
      onError: (err) => log.warn({ err }, 'the gates that hold exceptions could not be looked at'),
    },
    log,
  );
  cleanup.defer(() => poll.stop());
}
