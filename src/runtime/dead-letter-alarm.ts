import { schedule } from 'node-cron';
import type { Logger } from 'pino';
import { QUEUES } from '#application/ports/queues';
import type { Jobs } from '#postgres/jobs';

/**
 * Looks once a minute for jobs that nobody will try again, and says so as an error: whatever ended
 * them, a killed process included, a message or an entry is missing until somebody looks.
 */
export function watchDeadLetters(jobs: Jobs, log: Logger): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const counts = await jobs.deadLetters(QUEUES);
      if (Object.keys(counts).length > 0) log.error({ counts }, 'jobs are dead-lettered');
    } catch (err) {
      log.warn({ err }, 'the dead letters could not be counted');
    }
  };
  const task = schedule('* * * * *', () => (running = look()), { name: 'dead letters' });
  return {
    async stop() {
      await task.stop();
      await running;
    },
  };
}
