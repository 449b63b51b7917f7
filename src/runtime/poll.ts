import { schedule } from 'node-cron';
import type { Logger } from 'pino';

export interface Poll {
  readonly name: string;
  /** When it looks, as cron has it, with seconds or without. */
  readonly at: string;
  /** Looks at once as well: what is restarted daily must not miss its minute. */
  readonly atStart?: boolean;
  readonly look: () => Promise<void>;
  /** Hears of a look that failed; the next tick looks again. */
  readonly onError: (error: unknown) => void;
}

export interface RunningPoll {
  /** Looks no more, and waits for the look under way. */
  stop(): Promise<void>;
}

/**
 * Looks at each tick for something to be done. What is due is a row, so a tick that is late or missed,
 * in this replica or in all, loses nothing: one that finds the look before it still at work is skipped.
 */
export function startPoll(
  { name, at, atStart = false, look, onError }: Poll,
  log: Logger,
): RunningPoll {
  let running: Promise<void> | null = null;
  const poke = (): void => {
    running ??= look()
      .catch(onError)
      .finally(() => (running = null));
  };
  if (atStart) poke();
  const task = schedule(at, poke, { name, logger: cronLog(log) });
  return {
    async stop() {
      await task.stop();
      await running;
    },
  };
}

/** A tick that node-cron finds late is no news: what was due then is due now. */
function cronLog(log: Logger) {
  const say = (level: 'debug' | 'error') => (message: string | Error) =>
    log[level]({ message }, 'cron');
  return { info: say('debug'), warn: say('debug'), debug: say('debug'), error: say('error') };
}
