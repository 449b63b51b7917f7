import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';

/** Who starts how many milliseconds late; the same seed gives the same starts. */
export type Starts = readonly number[];

/** Starts of `count` contenders: some at the same instant, some shortly after. */
export function starts(count: number, latestMs = 25): fc.Arbitrary<Starts> {
  const start = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: latestMs }));
  return fc.array(start, { minLength: count, maxLength: count });
}

/** Runs all contenders, each from its start on, and waits for all. */
export async function race<T>(
  at: Starts,
  contenders: readonly (() => Promise<T>)[],
): Promise<readonly T[]> {
  return Promise.all(
    contenders.map(async (contend, place) => {
      await sleep(at[place] ?? 0);
      return contend();
    }),
  );
}
