import type { Logger } from 'pino';

/** How long a stop may take before the process ends all the same; orchestrators kill after 30 s. */
const STOP_LIMIT_MS = 25_000;
/** After an error that was handled nowhere nothing can be relied on for long. */
const STOP_AFTER_ERROR_LIMIT_MS = 5_000;

interface Running {
  stop(): Promise<void>;
  /** Rejects when it cannot go on; it is still to be stopped then. */
  readonly failed?: Promise<never>;
}

/**
 * Starts something and stops it at SIGTERM or SIGINT; a second signal ends the process at once. A
 * start that is still under way then may give up: `stopping` is aborted. Where what was started says
 * that it has `failed`, it is stopped too, and that error thrown. An error that was handled nowhere
 * ends the process with status 1, so that its supervisor restarts it: nothing is lost, because
 * nothing is kept in the process. What was started is stopped before, so far as it can be: an
 * embedded PostgreSQL would go on without the process.
 */
export async function runUntilSignal(
  log: Logger,
  start: (stopping: AbortSignal) => Promise<Running>,
): Promise<void> {
  let stop = (): Promise<void> => Promise.resolve();
  endAtError(log, () => stop());
  const signal = Promise.withResolvers<string>();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, signal.resolve);
  const running = await startUnless(signal.promise, start);
  if (running === null) return log.info({ signal: await signal.promise }, 'stopped while starting');
  let stopped: Promise<void> | undefined;
  stop = () => (stopped ??= running.stop());
  const failure = await firstOf(signal.promise, running.failed);
  if (failure === null) log.info({ signal: await signal.promise }, 'stopping');
  else log.fatal({ err: failure.error }, 'it cannot go on: stopping');
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => process.exit(1));
  const limit = endAfter(log, STOP_LIMIT_MS);
  await stop();
  clearTimeout(limit);
  if (failure !== null) throw failure.error;
}

/** `null` for the signal, else the error of what failed before it. */
async function firstOf(
  signal: Promise<string>,
  failed: Promise<never> = new Promise(() => {}),
): Promise<{ readonly error: unknown } | null> {
  const failure = failed.catch((error: unknown) => ({ error }));
  return Promise.race([signal.then(() => null), failure]);
}

function endAtError(log: Logger, stop: () => Promise<void>): void {
  let isEnding = false;
  const end = async (err: unknown): Promise<void> => {
    // What fails while this one is dealt with, such as the log itself, must not begin it anew.
    if (isEnding) return;
    isEnding = true;
    log.fatal({ err }, 'an error was handled nowhere');
    log.flush();
    endAfter(log, STOP_AFTER_ERROR_LIMIT_MS);
    try {
      await stop();
    } catch (failure) {
      log.error({ err: failure }, 'the stop failed');
    }
    process.exit(1);
  };
  for (const name of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(name, (err) => void end(err));
}

function endAfter(log: Logger, limitMs: number): NodeJS.Timeout {
  return setTimeout(() => {
    log.error('the stop took too long');
    process.exit(1);
  }, limitMs);
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
