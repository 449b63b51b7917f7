import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startPoll, type Poll } from '#runtime/poll';

const silent = pino({ level: 'silent' });
const EACH_SECOND = '* * * * * *';
const SOON = { timeout: 60_000 };

function start(poll: Pick<Poll, 'look'> & Partial<Poll>) {
  const onError = (error: unknown): void => {
    throw error;
  };
  const running = startPoll({ name: 'trial', at: EACH_SECOND, onError, ...poll }, silent);
  onTestFinished(() => running.stop());
  return running;
}

/** Counts the ticks that every poll has. */
function ticks() {
  const counted = { ticks: 0 };
  start({ look: async () => void (counted.ticks += 1) });
  return counted;
}

test('ticks do not look again while a look is under way, and a stop waits for it', async () => {
  const seen = ticks();
  const held = Promise.withResolvers<void>();
  let [begun, ended] = [0, 0];
  const running = start({
    atStart: true,
    look: async () => {
      begun += 1;
      await held.promise;
      ended += 1;
    },
  });
  expect(begun).toBe(1);
  await expect.poll(() => seen.ticks, SOON).toBeGreaterThanOrEqual(2);
  expect(begun).toBe(1);
  const stopped = running.stop();
  held.resolve();
  await stopped;
  expect(ended).toBe(begun);
});

test('a look that failed is told of, and the next tick looks again', async () => {
  const told: unknown[] = [];
  let looks = 0;
  start({
    look: () => Promise.reject(new RangeError(`look ${(looks += 1)}`)),
    onError: (error) => void told.push(error),
  });
  await expect.poll(() => told.length, SOON).toBeGreaterThanOrEqual(2);
  expect(told.slice(0, 2)).toEqual([new RangeError('look 1'), new RangeError('look 2')]);
});
