import { expect, test } from 'vitest';
import { askingLimiter } from '#http/asking-limiter';

function limits() {
  let nowMs = 0;
  const rates = { perSecond: 100, burst: 100, strangers: { perSecond: 1, burst: 3 } };
  const limiter = askingLimiter(rates, () => nowMs);
  const ask = (token: string, from: string, isGood: boolean): number => {
    const waitMs = limiter.waitMs(token, from);
    if (waitMs === 0) limiter.told(token, from, isGood);
    return waitMs;
  };
  return { limiter, ask, advance: (ms: number) => void (nowMs += ms) };
}

test('whoever comes with tokens that are no good has to wait, each with another', () => {
  const { ask, advance } = limits();
  for (const token of ['a', 'b', 'c']) expect(ask(token, '192.0.2.1', false)).toBe(0);
  expect(ask('d', '192.0.2.1', false)).toBe(1_000);
  expect(ask('d', '192.0.2.2', false)).toBe(0);
  advance(1_000);
  expect(ask('d', '192.0.2.1', false)).toBe(0);
});

test('those who ask at the same time are counted before the first of them is told', () => {
  const { limiter } = limits();
  const waits = ['a', 'b', 'c', 'd', 'e'].map((token) => limiter.waitMs(token, '192.0.2.1'));
  expect(waits).toEqual([0, 0, 0, 1_000, 1_000]);
});

test('good tokens cost nothing, however many, and are held up by nobody once they were good', () => {
  const { ask } = limits();
  for (let count = 0; count < 50; count += 1)
    expect(ask(`good-${count}`, '192.0.2.1', true)).toBe(0);
  for (const token of ['a', 'b', 'c']) ask(token, '192.0.2.1', false);
  expect(ask('d', '192.0.2.1', false)).toBe(1_000);
  expect(ask('good-7', '192.0.2.1', true)).toBe(0);
  // A new one cannot be told from a stranger's.
  expect(ask('good-new', '192.0.2.1', true)).toBe(1_000);
});

test('a token that is good no more is a stranger’s', () => {
  const { ask } = limits();
  expect(ask('good', '192.0.2.1', true)).toBe(0);
  for (const _ of [1, 2, 3]) expect(ask('good', '192.0.2.1', false)).toBe(0);
  expect(ask('good', '192.0.2.1', false)).toBe(1_000);
});

test('each token has its own limit besides', () => {
  const rates = { perSecond: 1, burst: 1, strangers: { perSecond: 100, burst: 100 } };
  const limiter = askingLimiter(rates, () => 0);
  expect(limiter.waitMs('a', '192.0.2.1')).toBe(0);
  limiter.told('a', '192.0.2.1', true);
  expect(limiter.waitMs('a', '192.0.2.1')).toBe(1_000);
});
