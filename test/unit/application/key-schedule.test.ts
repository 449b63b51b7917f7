import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY_KEEP_MS, KEY_LEAD_MS, publishedAt, scheduleAt } from '#application/keys/key-schedule';
import { MINUTE_MS } from '#domain/instant';
import { check } from '#test/support/property';

const T = Date.UTC(2026, 5, 1);
const first = { version: 1, madeAt: T - 90 * MINUTE_MS, signsFrom: null };
const second = { version: 2, madeAt: T, signsFrom: T + KEY_LEAD_MS };
const statesAt = (now: number) => scheduleAt([second, first], now).map((one) => one.state);

describe('a key that follows another', () => {
  it.each([
    [T, ['signing', 'successor']],
    [T + KEY_LEAD_MS - 1, ['signing', 'successor']],
    [T + KEY_LEAD_MS, ['former', 'signing']],
    [T + KEY_LEAD_MS + KEY_KEEP_MS - 1, ['former', 'signing']],
    [T + KEY_LEAD_MS + KEY_KEEP_MS, ['ended', 'signing']],
  ])('is at %i what its schedule says', (now, states) => {
    expect(statesAt(now)).toEqual(states);
  });

  it('is published with the other, and the one that signs comes first', () => {
    const versions = (now: number) => publishedAt([first, second], now).map((one) => one.version);
    expect(versions(T)).toEqual([1, 2]);
    expect(versions(T + KEY_LEAD_MS)).toEqual([2, 1]);
    expect(versions(T + KEY_LEAD_MS + KEY_KEEP_MS)).toEqual([2]);
  });
});

it('at any time one key signs, and was published long enough before', () => {
  const gaps = fc.array(fc.integer({ min: KEY_LEAD_MS, max: 20 * KEY_LEAD_MS }), { maxLength: 6 });
  check(
    fc.property(gaps, fc.integer({ min: 0, max: 200 * KEY_LEAD_MS }), (waits, later) => {
      let at = T;
      const keys = waits.map((wait, place) => {
        at += wait;
        return { version: place + 2, madeAt: at, signsFrom: at + KEY_LEAD_MS };
      });
      const now = T + later;
      // Keys that are not made yet are unknown to everybody.
      const known = [first, ...keys].filter((one) => one.madeAt <= now);
      const signing = scheduleAt(known, now).filter((one) => one.state === 'signing');
      expect(signing).toHaveLength(1);
      // Who fetched the keys five minutes ago, from a replica a minute behind, has the one that signs.
      const then = now - 6 * MINUTE_MS;
      const cached = publishedAt(
        known.filter((one) => one.madeAt <= then),
        then,
      );
      if (then >= first.madeAt)
        expect(cached.map((one) => one.version)).toContain(signing[0]?.version);
    }),
  );
});
