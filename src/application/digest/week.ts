import { DAY_MS, HOUR_MS, type Instant } from '#domain/instant';

const WEEK_MS = 7 * DAY_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_MONDAY = 4 * DAY_MS;
/** When people are back, from Europe on westwards. */
const READ_AT_MS = 8 * HOUR_MS;

/** The Monday, 00:00 UTC, of the last week that is over and may be told of: from Monday 08:00 on. */
export function lastWeek(now: Instant): Instant {
  const since = now - READ_AT_MS - FIRST_MONDAY;
  return FIRST_MONDAY + Math.floor(since / WEEK_MS) * WEEK_MS - WEEK_MS;
}

/** `2026-11-16` */
export const weekName = (monday: Instant): string => new Date(monday).toISOString().slice(0, 10);

export const weekAfter = (monday: Instant, weeks = 1): Instant => monday + weeks * WEEK_MS;
