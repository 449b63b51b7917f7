import { schedule } from 'node-cron';
import type { Logger } from 'pino';
import { attestWorkload, type WorkloadPorts } from '#application/workload/attest-workload';
import type { TenantId } from '#domain/ids';

/**
 * Asks at the start, and then once a minute, whether the workload is due to vouch for the log. When it
 * last did is an entry, so replicas and restarts neither repeat nor forget it; a rotated key is seen
 * within a minute.
 */
export function startWorkloadSchedule(
  ports: WorkloadPorts,
  tenant: TenantId,
  log: Logger,
): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const outcome = await attestWorkload(ports, tenant);
      if (outcome === 'attested') log.info('the workload vouched for the log');
    } catch (err) {
      log.warn({ err }, 'the workload could not vouch for the log');
    }
  };
  running = look();
  const poke = (): Promise<void> => (running = look());
  const task = schedule('* * * * *', poke, { noOverlap: true, name: 'workload' });
  return {
    async stop() {
      await task.stop();
      await running;
    },
  };
}
