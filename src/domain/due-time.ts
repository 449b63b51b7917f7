import { dayOfWeek, isBusinessDay } from './calendar-days.ts';
import { DAY_MS, type Instant } from './instant.ts';
import type { Calendar, DueTime } from './policy/policy.ts';
import { utcOffsetMs } from './utc-offset.ts';

const FRIDAY = 4;
/** More than any calendar needs that people work by; one without a day of work ends here. */
const MOST_DAYS = 10_000;

/**
 * How far ahead of UTC a calendar's zone was when the review opened, and is when it is due. An entry
 * records both, so that a reader judges by what the writer's zone data said and needs none.
 */
export interface UtcOffsets {
  readonly openedMs: number;
  readonly dueMs: number;
}

export interface Due {
  readonly dueAt: Instant;
  /** Left out where no calendar was asked. */
  readonly utcOffsets?: UtcOffsets;
}

/** When something is due that is opened now. */
export function due(from: Instant, time: DueTime, calendar: Calendar | undefined): Due {
  if ('ms' in time || calendar === undefined) return { dueAt: dueAt(from, time) };
  const openedMs = utcOffsetMs(calendar.zone, from);
  const local = laterDay(from + openedMs, time.businessDays, calendar);
  // By the offset of the opening: at most a few hours off, which decides only what clocks do then.
  const dueMs = utcOffsetMs(calendar.zone, local - openedMs);
  return { dueAt: local - dueMs, utcOffsets: { openedMs, dueMs } };
}

/** The same, as an entry says it: with the offsets that it records. */
export function dueAsRecorded(
  from: Instant,
  time: DueTime,
  calendar: Calendar,
  { openedMs, dueMs }: UtcOffsets,
): Instant {
  if ('ms' in time) return from + time.ms;
  return laterDay(from + openedMs, time.businessDays, calendar) - dueMs;
}

/** The same time of day after so many days on which people work. */
function laterDay(local: Instant, businessDays: number, calendar: Calendar): Instant {
  let at = local;
  const end = local + MOST_DAYS * DAY_MS;
  for (let left = businessDays; left > 0 && at < end;) {
    at += DAY_MS;
    if (isBusinessDay(at, calendar)) left -= 1;
  }
  return at;
}

/** When something is due without a calendar: a span of time, or so many weekdays later (UTC). */
export function dueAt(from: Instant, time: DueTime): Instant {
  if ('ms' in time) return from + time.ms;
  const { businessDays } = time;
  if (businessDays <= 0) return from;
  const today = dayOfWeek(from);
  // From a weekend, the count begins as it does from the Friday before.
  const start = Math.min(today, FRIDAY);
  const weeks = Math.floor(businessDays / 5);
  const rest = businessDays % 5;
  const weekend = start + rest > FRIDAY ? 2 : 0;
  return from + (start - today + weeks * 7 + rest + weekend) * DAY_MS;
}
