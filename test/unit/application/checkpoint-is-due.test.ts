import { expect, test } from 'vitest';
import { isDue } from '#application/checkpoints/is-due';
import { DAY_MS, HOUR_MS } from '#domain/instant';

const schedule = { everyMs: DAY_MS, againMs: HOUR_MS };
const wantedAt = Date.UTC(2026, 0, 1);
const sentAt = wantedAt + HOUR_MS;

test('a destination is due once nothing was sent to it for so long', () => {
  const reached = { wantedAt, sentAt, failingSince: null };
  expect(isDue({ ...reached, now: sentAt + DAY_MS - 1 }, schedule)).toBe(false);
  expect(isDue({ ...reached, now: sentAt + DAY_MS }, schedule)).toBe(true);
});

test('one that refused is due again sooner, counted from the last try', () => {
  const failing = { wantedAt: wantedAt + DAY_MS, sentAt, failingSince: wantedAt };
  expect(isDue({ ...failing, now: wantedAt + DAY_MS + HOUR_MS - 1 }, schedule)).toBe(false);
  expect(isDue({ ...failing, now: wantedAt + DAY_MS + HOUR_MS }, schedule)).toBe(true);
});

test('one that refused waits no longer than one that does not', () => {
  const often = { everyMs: 1_000, againMs: HOUR_MS };
  const failing = { wantedAt, sentAt: null, failingSince: wantedAt };
  expect(isDue({ ...failing, now: wantedAt + 1_000 }, often)).toBe(true);
});
