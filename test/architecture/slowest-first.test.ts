import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rankOf, SLOWEST } from '#test/support/slowest-first';

test('every file that is to start first is there', () => {
  expect(SLOWEST.filter((one) => !existsSync(`test/${one}.test.ts`))).toEqual([]);
});

test('the slowest start first, then those that mostly wait, then the rest', () => {
  const [first = '', second = ''] = SLOWEST;
  const files = ['unit/a', 'faults/b', second, 'e2e/service/c', first].map(
    (one) => `${one}.test.ts`,
  );
  expect(files.toSorted((one, other) => rankOf(one) - rankOf(other))).toEqual(
    [first, second, 'faults/b', 'e2e/service/c', 'unit/a'].map((one) => `${one}.test.ts`),
  );
});
