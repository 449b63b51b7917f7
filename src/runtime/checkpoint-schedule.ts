import { schedule } from 'node-cron';
import type { Logger } from 'pino';
import {
  wantDueCheckpoints,
  type DestinationPorts,
} from '#application/checkpoints/want-checkpoints';
import { tellUnbound } from '#application/sign-in/tell-unbound';
import type { TenantId } from '#domain/ids';

/**
 * Asks once a minute whether a destination is due a checkpoint, and whether the security channel is
 * to be told of what an operator did. When one was sent last is a row, so
 * that replicas and restarts neither repeat nor forget one.
 */
export function startCheckpointSchedule(
  ports: DestinationPorts & Parameters<typeof tellUnbound>[0],
  tenant: TenantId,
  log: Logger,
): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      await wantDueCheckpoints(ports, tenant);
      await tellUnbound(ports, tenant);
    } catch (err) {
      log.warn({ err }, 'it could not be seen what is to be told outside');
    }
  };
  // The first look is at the start: a service that is restarted daily must not miss its minute.
  running = look();
  const task = schedule('* * * * *', () => (running = look()), { name: 'checkpoints' });
  return {
    async stop() {
      await task.stop();
      await running;
    },
  };
}
