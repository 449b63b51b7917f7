import type { Logger } from 'pino';
import { raiseDeadLetters, type DeadLetterPorts } from '#application/alarms/raise-dead-letters';
import {
  wantDueCheckpoints,
  type DestinationPorts,
} from '#application/checkpoints/want-checkpoints';
import { runDue } from '#application/deadlines/run-due';
import type { TenantDirectory } from '#application/ports/directory-store';
import type { Ports } from '#application/ports/ports';
import { tellUnbound } from '#application/sign-in/tell-unbound';
import { vouch, type VouchPorts } from '#application/workload/vouch';
import type { TenantId } from '#domain/ids';
import type { WorkloadConfig } from './config/sigstore-settings.ts';
import { startPoll, type Poll } from './poll.ts';
import { workloadSigner } from './workload-signer.ts';

type SchedulerPorts = Ports &
  DestinationPorts &
  DeadLetterPorts &
  Pick<VouchPorts, 'provisionalAlarmMs'> & { readonly tenants: TenantDirectory };

const EACH_SECOND = '* * * * * *';
const EACH_MINUTE = '* * * * *';

/**
 * Asks "what is due?": for deadlines once a second, for all else once a minute. When something was
 * done last is a row or an entry, so that replicas and restarts neither repeat nor forget it.
 *
 * @param workload whose token the service vouches for the log with; `null` for none.
 */
export function startScheduler(
  ports: SchedulerPorts,
  tenant: TenantId,
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
    look: () => raiseDeadLetters(ports, tenant),
    onError: warn('the dead letters could not be counted'),
  });
  start({
    name: 'accounts taken away',
    at: EACH_MINUTE,
    atStart: true,
    look: () => tellUnbound(ports, tenant),
    onError: warn('it could not be seen whose account was taken away'),
  });
  start({
    name: 'checkpoints',
    at: EACH_MINUTE,
    atStart: true,
    look: () => wantDueCheckpoints(ports, tenant),
    onError: warn('it could not be seen where a checkpoint is due'),
  });
  if (workload !== null) {
    const ending = new AbortController();
    const signing = { ...ports, workload: workloadSigner(workload, log, ending.signal) };
    start({
      name: 'workload',
      at: EACH_MINUTE,
      atStart: true,
      look: async () => {
        const outcome = await vouch(signing, tenant);
        if (outcome === 'attested') log.info('the workload vouched for the log');
      },
      onError: warn('the workload could not vouch for the log'),
    });
    // Before its poll is stopped, which waits for a signature under way.
    cleanup.defer(() => ending.abort());
  }
  start({
    name: 'deadlines',
    at: EACH_SECOND,
    look: () =>
      runDue(ports, (of, err) => {
        log.error({ err, tenant: of }, 'a deadline could not be met and will be tried again');
      }),
    onError: (err) => log.error({ err }, 'the deadlines could not be read'),
  });
}
