import { DAY_MS, type Instant } from './instant.ts';
import type { DueTime } from './policy/policy.ts';

/** 1970-01-01 was a Thursday; days of the week count from Monday = 0. */
const EPOCH_DAY_OF_WEEK = 3;

/** When something is due: a span of time, or the same time of day after so many weekdays (UTC). */
export function dueAt(from: Instant, due: DueTime): Instant {
  if ('ms' in due) return from + due.ms;
  let at = from;
  for (let left = due.businessDays; left > 0;) {
    at += DAY_MS;
    if (isWeekday(at)) left -= 1;
  }
  return at;
}

function isWeekday(at: Instant): boolean {
  return (Math.floor(at / DAY_MS) + EPOCH_DAY_OF_WEEK) % 7 < 5;
}
