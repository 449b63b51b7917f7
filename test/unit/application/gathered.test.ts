import { afterEach, expect, test, vi } from 'vitest';
import { gathered } from '#application/commit/gathered';

/** Runs that end when the test says so. */
function heldRuns() {
  const begun: (readonly number[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const run = (items: readonly number[]): Promise<readonly number[]> => {
    begun.push(items);
    const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>();
    ends.push((error) =>
      error === undefined ? resolve(items.map((one) => one * 10)) : reject(error),
    );
    return promise;
  };
  return { begun, run, end: (place: number, error?: Error) => ends[place]?.(error) };
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('what is asked at once goes together, and each hears its own result', async () => {
  const { begun, run, end } = heldRuns();
  const ask = gathered(run, { runs: 1, items: 10 });
  const all = Promise.all([ask(1), ask(2), ask(3)]);
  await turn();
  expect(begun).toEqual([[1, 2, 3]]);
  end(0);
  expect(await all).toEqual([10, 20, 30]);
});

test('what comes while runs are under way goes together with the next one', async () => {
  const { begun, run, end } = heldRuns();
  const ask = gathered(run, { runs: 2, items: 10 });
  const first = ask(1);
  await turn();
  const second = ask(2);
  await turn();
  const others = [ask(3), ask(4)];
  await turn();
  expect(begun).toEqual([[1], [2]]);
  end(1);
  expect(await second).toBe(20);
  await turn();
  expect(begun).toEqual([[1], [2], [3, 4]]);
  end(2);
  expect(await Promise.all(others)).toEqual([30, 40]);
  end(0);
  expect(await first).toBe(10);
});

test('no run holds more than it may', async () => {
  const { begun, run, end } = heldRuns();
  const ask = gathered(run, { runs: 1, items: 2 });
  const all = Promise.all([ask(1), ask(2), ask(3)]);
  await turn();
  end(0);
  await turn();
  end(1);
  expect(await all).toEqual([10, 20, 30]);
  expect(begun).toEqual([[1, 2], [3]]);
});

test('a run that fails is a failure of those in it, and the next one begins', async () => {
  const { begun, run, end } = heldRuns();
  const ask = gathered(run, { runs: 1, items: 2 });
  const failing = Promise.allSettled([ask(1), ask(2)]);
  const next = ask(3);
  await turn();
  const lost = new Error('lost');
  end(0, lost);
  expect(await failing).toEqual([
    { status: 'rejected', reason: lost },
    { status: 'rejected', reason: lost },
  ]);
  await turn();
  end(1);
  expect(await next).toBe(30);
  expect(begun).toEqual([[1, 2], [3]]);
});

test('a run that gives too few results is a failure', async () => {
  const ask = gathered(async () => [1], { runs: 1, items: 2 });
  const both = await Promise.allSettled([ask(1), ask(2)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

afterEach(() => void vi.useRealTimers());

test('what is held up is waited for no longer than that', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { begun, run, end } = heldRuns();
  const ask = gathered(run, { runs: 2, items: 10, besideAfterMs: 25 });
  const first = ask(1);
  await turn();
  const second = ask(2);
  vi.advanceTimersByTime(24);
  await turn();
  expect(begun).toEqual([[1]]);
  vi.advanceTimersByTime(1);
  expect(begun).toEqual([[1], [2]]);
  const third = ask(3);
  end(1);
  expect(await second).toBe(20);
  await turn();
  expect(begun).toEqual([[1], [2], [3]]);
  end(0);
  end(2);
  expect(await Promise.all([first, third])).toEqual([10, 30]);
});

test('the next run begins once as many are back as were answered, with those that waited', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { begun, run, end } = heldRuns();
  const ask = gathered(run, { runs: 1, items: 10, pauseMs: 4 });
  const first = [ask(1), ask(2)];
  await turn();
  const others = [ask(3)];
  end(0);
  expect(await Promise.all(first)).toEqual([10, 20]);
  await turn();
  others.push(ask(4));
  await turn();
  expect(begun).toEqual([[1, 2]]);
  others.push(ask(5));
  await turn();
  expect(begun).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  end(1);
  expect(await Promise.all(others)).toEqual([30, 40, 50]);
});

test('whoever does not come back is waited for no longer than that', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { begun, run, end } = heldRuns();
  const ask = gathered(run, { runs: 1, items: 10, pauseMs: 4 });
  const first = [ask(1), ask(2)];
  await turn();
  end(0);
  await Promise.all(first);
  const other = ask(3);
  await turn();
  expect(begun).toEqual([[1, 2]]);
  vi.advanceTimersByTime(4);
  await turn();
  expect(begun).toEqual([[1, 2], [3]]);
  end(1);
  expect(await other).toBe(30);
});

test('one that asks alone waits for nobody', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { begun, run, end } = heldRuns();
  const ask = gathered(run, { runs: 1, items: 10, pauseMs: 4 });
  const first = ask(1);
  await turn();
  end(0);
  await first;
  await turn();
  const second = ask(2);
  await turn();
  expect(begun).toEqual([[1], [2]]);
  end(1);
  expect(await second).toBe(20);
});
