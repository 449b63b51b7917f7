import { TooSlow } from './slack-error.ts';

/**
 * The work's result, unless it takes longer than `limitMs`. The work is not stopped: what it does
 * later has to be harmless. @throws TooSlow.
 */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TooSlow(`not done within ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
