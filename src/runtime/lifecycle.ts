import type { Logger } from 'pino';

/** How long a stop may take before the process ends all the same; orchestrators kill after 30 s. */
const STOP_LIMIT_MS = 25_000;

/**
 * Starts something and stops it at SIGTERM or SIGINT; a second signal ends the process at once. An
 * unhandled rejection ends it as well, so that its supervisor restarts it: nothing is lost, because
 * nothing is kept in the process.
 */
export async function runUntilSignal(
  log: Logger,
  start: () => Promise<{ stop(): Promise<void> }>,
): Promise<void> {
  process.once('unhandledRejection', (err) => {
    log.fatal({ err }, 'an error was handled nowhere');
    log.flush();
    process.exit(1);
  });
  const signal = Promise.withResolvers<string>();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, signal.resolve);
  const running = await start();
  log.info({ signal: await signal.promise }, 'stopping');
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => process.exit(1));
  const limit = setTimeout(() => {
    log.error('the stop took too long');
    process.exit(1);
  }, STOP_LIMIT_MS);
  await running.stop();
  clearTimeout(limit);
}
