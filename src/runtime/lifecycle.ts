import type { Logger } from 'pino';

/** How long a stop may take before the process ends all the same; orchestrators kill after 30 s. */
const STOP_LIMIT_MS = 25_000;

/**
 * Starts something and stops it at SIGTERM or SIGINT; a second signal ends the process at once. A
 * start that is still under way then may give up: `stopping` is aborted. An unhandled rejection ends
 * the process as well, so that its supervisor restarts it: nothing is lost, because nothing is kept
 * in the process.
 */
export async function runUntilSignal(
  log: Logger,
  start: (stopping: AbortSignal) => Promise<{ stop(): Promise<void> }>,
): Promise<void> {
  process.once('unhandledRejection', (err) => {
    log.fatal({ err }, 'an error was handled nowhere');
    log.flush();
    process.exit(1);
  });
  const signal = Promise.withResolvers<string>();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, signal.resolve);
  const running = await startUnless(signal.promise, start);
  if (running === null) return log.info({ signal: await signal.promise }, 'stopped while starting');
  log.info({ signal: await signal.promise }, 'stopping');
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => process.exit(1));
  const limit = setTimeout(() => {
    log.error('the stop took too long');
    process.exit(1);
  }, STOP_LIMIT_MS);
  await running.stop();
  clearTimeout(limit);
}

/** `null` for a start that was given up because of the signal. */
async function startUnless<T>(
  signal: Promise<string>,
  start: (stopping: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const stopping = new AbortController();
  void signal.then(() => stopping.abort());
  try {
    return await start(stopping.signal);
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError' && stopping.signal.aborted)
      return null;
    throw error;
  }
}
