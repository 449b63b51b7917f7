import { expect, test } from 'vitest';
import { recentlyUsed } from '#application/decision/recently-used';

test('what was used among the last so many is there', () => {
  const kept = recentlyUsed<number, string>(3);
  for (const key of [1, 2, 3, 4, 5]) kept.set(key, `value ${key}`);
  expect([3, 4, 5].map((key) => kept.get(key))).toEqual(['value 3', 'value 4', 'value 5']);
});

test('what is used again stays, however much comes after it', () => {
  const kept = recentlyUsed<number, string>(3);
  kept.set(0, 'used');
  for (let key = 1; key <= 100; key += 1) {
    kept.set(key, 'once');
    expect(kept.get(0)).toBe('used');
  }
});

test('no more than twice as many are kept', () => {
  const kept = recentlyUsed<number, string>(3);
  for (let key = 0; key < 100; key += 1) kept.set(key, 'once');
  const found = Array.from({ length: 100 }, (_, key) => key).filter(
    (key) => kept.get(key) !== undefined,
  );
  expect(found.length).toBeLessThanOrEqual(6);
});

test('what is deleted is gone, and what is set anew is new', () => {
  const kept = recentlyUsed<number, string>(2);
  kept.set(1, 'one');
  kept.set(2, 'two');
  kept.set(1, 'another');
  expect(kept.get(1)).toBe('another');
  kept.delete(1);
  expect(kept.get(1)).toBeUndefined();
  expect(kept.get(2)).toBe('two');
});
