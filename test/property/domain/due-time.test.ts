import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dueAt } from '#domain/due-time';
import { DAY_MS } from '#domain/instant';
import { POLICY_LIMITS } from '#domain/policy/policy-limits';
import { check } from '#test/support/property';

const instants = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
const businessDays = fc.integer({ min: 0, max: POLICY_LIMITS.businessDays });

/** Day by day, by the calendar. */
function counted(from: number, days: number): number {
  let at = from;
  for (let left = days; left > 0;) {
    at += DAY_MS;
    if (![0, 6].includes(new Date(at).getUTCDay())) left -= 1;
  }
  return at;
}

it('so many business days are what a count of the weekdays gives', () => {
  check(
    fc.property(instants, businessDays, (from, days) => {
      expect(dueAt(from, { businessDays: days })).toBe(counted(from, days));
    }),
    { numRuns: 2000 },
  );
});

it('a number of business days that no policy can hold takes no longer than another', () => {
  const { businessDays: most } = POLICY_LIMITS;
  const from = Date.UTC(2026, 10, 21);
  expect(dueAt(from, { businessDays: 2 ** 40 })).toBeGreaterThan(
    dueAt(from, { businessDays: most }),
  );
});
