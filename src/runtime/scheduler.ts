import { schedule } from 'node-cron';
import type { Logger } from 'pino';
import { runDue } from '#application/deadlines/run-due';
import type { TenantDirectory } from '#application/ports/directory-store';
import type { Ports } from '#application/ports/ports';

export interface Scheduler {
  /** Pokes no more and waits for the one under way. */
  stop(): Promise<void>;
}

/**
 * Asks once a second "what is due?". Deadlines are rows, so a tick that is late or missed, in this
 * replica or in all, delays an entry and never a decision.
 */
export function startScheduler(
  ports: Ports & { readonly tenants: TenantDirectory },
  log: Logger,
): Scheduler {
  let running: Promise<void> = Promise.resolve();
  const poke = async (): Promise<void> => {
    running = runDue(ports, (tenant, err) => {
      log.error({ err, tenant }, 'a deadline could not be met and will be tried again');
    }).catch((err: unknown) => log.error({ err }, 'the deadlines could not be read'));
    await running;
  };
  const task = schedule('* * * * * *', poke, {
    noOverlap: true,
    name: 'deadlines',
    logger: cronLog(log),
  });
  return {
    async stop() {
      await task.stop();
      await running;
    },
  };
}

/** A tick that finds the one before still at work is no news: what is due then is due at the next. */
function cronLog(log: Logger) {
  const say = (level: 'debug' | 'error') => (message: string | Error) =>
    log[level]({ message }, 'cron');
  return { info: say('debug'), warn: say('debug'), debug: say('debug'), error: say('error') };
}
