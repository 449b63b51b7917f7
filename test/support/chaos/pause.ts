import { setTimeout as sleep } from 'node:timers/promises';

/** Lets so much time go by, in milliseconds: how long a fault lasts, never how long to hope. */
export const pause = (ms: number): Promise<void> => sleep(ms);

const TRIES = 40;

/** Again and again, for what fails as long as something else does. @throws what the last try threw. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
      await pause(500);
    }
  }
}
