import { DAY_MS, type Instant } from './instant.ts';
import type { Calendar } from './policy/policy.ts';

/** 1970-01-01 was a Thursday; days of the week count from Monday = 0. */
const EPOCH_DAY_OF_WEEK = 3;

/** The day of the week of a local time, counted as if it were UTC. Monday is 0. */
export function dayOfWeek(local: Instant): number {
  const day = (Math.floor(local / DAY_MS) + EPOCH_DAY_OF_WEEK) % 7;
  return day < 0 ? day + 7 : day;
}

/** Whether people work on the day of this local time. */
export function isBusinessDay(local: Instant, { weekend, holidays }: Calendar): boolean {
  if (weekend.includes(dayOfWeek(local))) return false;
  const date = dateOf(local);
  return !holidays.includes(date) && !holidays.includes(date.slice(5));
}

/** `2026-12-25`, in the proleptic Gregorian calendar (ISO 8601). */
function dateOf(local: Instant): string {
  // Years from March on, so that the day that some have more stands at their end.
  const shifted = Math.floor(local / DAY_MS) + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - (365 * yearOfEra + leapDays);
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

const padded = (value: number, width: number): string => String(value).padStart(width, '0');
