/** No two reads within so long, however often a replica is scraped. */
const FRESH_MS = 5_000;
/** Far below the 10 s that Prometheus waits for a scrape. */
const LIMIT_MS = 2_000;

/**
 * Reads again what is older than 5 s. Whoever asks waits for one read, and no longer than 2 s: then
 * `onFailure` runs, as it does where the read fails.
 *
 * @param clock milliseconds that never go back.
 */
export function refreshed<T>(
  read: () => Promise<T>,
  onRead: (value: T) => void,
  onFailure: (error: unknown) => void,
  { clock = () => performance.now(), limitMs = LIMIT_MS } = {},
): () => Promise<void> {
  let readAt = -Infinity;
  let reading: Promise<void> | null = null;
  const once = async (): Promise<void> => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new RangeError('it took too long')), limitMs);
    try {
      onRead(await Promise.race([read(), late]));
      readAt = clock();
    } catch (error) {
      onFailure(error);
    } finally {
      clearTimeout(timer);
    }
  };
  return async () => {
    if (clock() - readAt < FRESH_MS) return;
    reading ??= once().finally(() => (reading = null));
    await reading;
  };
}
