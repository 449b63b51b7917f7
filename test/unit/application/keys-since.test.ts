import { expect, test } from 'vitest';
import { keysSince } from '#application/sign-in/keys-since';
import type { Digest } from '#ledger/digest';

const ISSUER = 'https://login.example';

/** A provider whose keys changed at these times. */
const provider = (...times: readonly number[]) => ({
  providerKeys: async (issuer: string) =>
    issuer === ISSUER
      ? times.map((recordedAt, index) => ({
          keys: [`key ${index}`],
          entry: `sha256:${index}` as Digest,
          index,
          recordedAt,
        }))
      : [],
});

const since = async (at: number, ...times: readonly number[]) =>
  (await keysSince(provider(...times), ISSUER, at)).map(({ index }) => index);

test('a token rests on the keys of its time, and on those that came later', async () => {
  expect(await since(25, 10, 20, 30, 40)).toEqual([1, 2, 3]);
  expect(await since(5, 10, 20)).toEqual([0, 1]);
  expect(await since(99, 10, 20)).toEqual([1]);
});

test('keys that were replaced at that very moment still count', async () => {
  expect(await since(20, 10, 20)).toEqual([0, 1]);
  expect(await since(21, 10, 20)).toEqual([1]);
});

test('where no keys were recorded there are none', async () => {
  expect(await since(10)).toEqual([]);
});
