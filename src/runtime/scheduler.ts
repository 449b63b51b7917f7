import type { Logger } from 'pino';
import { raiseDeadLetters, type DeadLetterPorts } from '#application/alarms/raise-dead-letters';
import {
  wantDueCheckpoints,
  type DestinationPorts,
} from '#application/checkpoints/want-checkpoints';
import { runDue } from '#application/deadlines/run-due';
import { watchOnCall } from '#application/people/watch-on-call';
import type { TenantDirectory } from '#application/ports/directory-store';
import type { Ports } from '#application/ports/ports';
import { tellUnbound } from '#application/sign-in/tell-unbound';
import { vouch, type VouchPorts } from '#application/workload/vouch';
import type { WorkloadConfig } from './config/sigstore-settings.ts';
import { eachTenant, type Tenants } from './each-tenant.ts';
import { startPoll, type Poll } from './poll.ts';
import { workloadSigner } from './workload-signer.ts';

type SchedulerPorts = Ports &
  DestinationPorts &
  DeadLetterPorts &
  Pick<VouchPorts, 'provisionalAlarmMs'> & { readonly tenants: TenantDirectory };

const EACH_SECOND = '* * * * * *';
const EACH_MINUTE = '* * * * *';
const EACH_TEN_MINUTES = '*/10 * * * *';

/**
 * Asks "what is due?": for deadlines once a second, for most else once a minute. When something was
 * done last is a row or an entry, so that replicas and restarts neither repeat nor forget it.
 *
 * @param workload whose token the service vouches for the log with; `null` for none.
 */
export function startScheduler(
  ports: SchedulerPorts,
  tenants: Tenants,
  workload: WorkloadConfig | null,
  log: Logger,
  cleanup: AsyncDisposableStack,
): void {
  const start = (poll: Poll): void => {
    const running = startPoll(poll, log);
    cleanup.defer(() => running.stop());
  };
  const warn = (what: string) => (err: unknown) => log.warn({ err }, what);

  start({
    name: 'dead letters',
    at: EACH_MINUTE,
    look: () => eachTenant(tenants, (tenant) => raiseDeadLetters(ports, tenant)),
    onError: warn('the dead letters could not be counted'),
  });
  start({
    name: 'accounts taken away',
    at: EACH_MINUTE,
    atStart: true,
    look: () => eachTenant(tenants, (tenant) => tellUnbound(ports, tenant)),
    onError: warn('it could not be seen whose account was taken away'),
  });
  start({
    name: 'checkpoints',
    at: EACH_MINUTE,
    atStart: true,
    look: () => eachTenant(tenants, (tenant) => wantDueCheckpoints(ports, tenant)),
    onError: warn('it could not be seen where a checkpoint is due'),
  });
  start({
    name: 'on call',
    at: EACH_TEN_MINUTES,
    atStart: true,
    look: () => eachTenant(tenants, (tenant) => watchOnCall(ports, tenant)),
    onError: warn('it could not be seen who is on call'),
  });
  if (workload !== null) {
    const ending = new AbortController();
    const signing = { ...ports, workload: workloadSigner(workload, log, ending.signal) };
    start({
      name: 'workload',
      at: EACH_MINUTE,
      atStart: true,
      look: () =>
        eachTenant(tenants, async (tenant) => {
          const outcome = await vouch(signing, tenant);
          if (outcome === 'attested') log.info({ tenant }, 'the workload vouched for the log');
        }),
      onError: warn('the workload could not vouch for the log'),
    });
    // Before its poll is stopped, which waits for a signature under way.
    cleanup.defer(() => ending.abort());
  }
  const unknown = new Set<string>();
  start({
    name: 'deadlines',
    at: EACH_SECOND,
    look: () =>
      runDue(
        ports,
        (of, err) => {
          log.error({ err, tenant: of }, 'a deadline could not be met and will be tried again');
        },
        (of) => {
          // Once: they stand until a replica of a later version meets them.
          if (unknown.has(of)) return;
          unknown.add(of);
          log.warn({ tenant: of }, 'a deadline of a later version is left to it');
        },
      ),
    onError: (err) => log.error({ err }, 'the deadlines could not be read'),
  });
}
