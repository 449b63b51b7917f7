import { expect, test } from 'vitest';
import { checkpointsBetween } from '#ledger/export/checkpoints-between';

const NONE = { logSize: 100, lastOfReplacedKeys: [], cosigned: [], providerKeys: [] };

test('a log without witnesses and rotations has none but the last', () => {
  expect(checkpointsBetween({ ...NONE, providerKeys: [4, 9] })).toEqual([]);
});

test('each replaced log key has the last one that it signed', () => {
  expect(checkpointsBetween({ ...NONE, lastOfReplacedKeys: [40, 10] })).toEqual([10, 40]);
});

test('the keys of a provider have the first cosigned one that covers them', () => {
  // The one over 9 entries does not cover the entry at index 9.
  const cosigned = [9, 10, 30, 50, 60];
  expect(checkpointsBetween({ ...NONE, cosigned, providerKeys: [9, 31] })).toEqual([10, 50, 60]);
});

test('one for two reasons stands once, and that of the last line nowhere else', () => {
  const cosigned = [20, 100];
  const known = { ...NONE, cosigned, providerKeys: [3, 12, 70], lastOfReplacedKeys: [20] };
  expect(checkpointsBetween(known)).toEqual([20]);
});
