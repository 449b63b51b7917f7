import { expect, it } from 'vitest';
import type { Attempt } from '#application/ports/events';
import { FailingReceivers } from '#notify/events/failing-receivers';

const DELIVERED: Attempt = { outcome: 'delivered', status: 204, durationMs: 1 };
const FAILED: Attempt = { outcome: 'timed-out', status: null, durationMs: 10_000 };

it('a receiver that fails is tried by one at a time, until it takes something', async () => {
  const receivers = new FailingReceivers();
  const outcome = async (attempt: () => Promise<Attempt>, address = 'a') =>
    (await receivers.around(address, attempt)).outcome;
  const slow = () => {
    const { promise, resolve } = Promise.withResolvers<Attempt>();
    return { attempt: () => promise, resolve };
  };
  // While all goes well, many at once.
  const [one, two] = [slow(), slow()];
  const first = outcome(one.attempt);
  const second = outcome(two.attempt);
  one.resolve(FAILED);
  two.resolve(FAILED);
  expect([await first, await second]).toEqual(['timed-out', 'timed-out']);
  const third = slow();
  const trying = outcome(third.attempt);
  expect(await outcome(async () => DELIVERED)).toBe('held-back');
  expect(await outcome(async () => DELIVERED, 'b')).toBe('delivered');
  third.resolve(FAILED);
  expect(await trying).toBe('timed-out');
  expect(await outcome(async () => DELIVERED)).toBe('delivered');
  const fourth = slow();
  const again = outcome(fourth.attempt);
  expect(await outcome(async () => DELIVERED)).toBe('delivered');
  fourth.resolve(DELIVERED);
  expect(await again).toBe('delivered');
});
