import { DAY_MS, type Instant } from './instant.ts';
import type { DueTime } from './policy/policy.ts';

/** 1970-01-01 was a Thursday; days of the week count from Monday = 0. */
const EPOCH_DAY_OF_WEEK = 3;
const FRIDAY = 4;

/** When something is due: a span of time, or the same time of day after so many weekdays (UTC). */
export function dueAt(from: Instant, due: DueTime): Instant {
  if ('ms' in due) return from + due.ms;
  const { businessDays } = due;
  if (businessDays <= 0) return from;
  const today = dayOfWeek(from);
  // From a weekend, the count begins as it does from the Friday before.
  const start = Math.min(today, FRIDAY);
  const weeks = Math.floor(businessDays / 5);
  const rest = businessDays % 5;
  const weekend = start + rest > FRIDAY ? 2 : 0;
  return from + (start - today + weeks * 7 + rest + weekend) * DAY_MS;
}

function dayOfWeek(at: Instant): number {
  return (Math.floor(at / DAY_MS) + EPOCH_DAY_OF_WEEK) % 7;
}
