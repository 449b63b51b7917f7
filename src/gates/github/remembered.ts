/** Gives what was asked under `key` within `forMs`, or asks; for one process, and no failure is kept. */
export function remembered<T>(
  forMs: number,
  monotonicMs: () => number = () => performance.now(),
): (key: string, ask: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<T> }>();
  return async (key, ask) => {
    const now = monotonicMs();
    for (const [old, { until }] of kept) if (until <= now) kept.delete(old);
    const answer = kept.get(key)?.answer ?? ask();
    if (!kept.has(key)) kept.set(key, { until: now + forMs, answer });
    try {
      return await answer;
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  };
}
