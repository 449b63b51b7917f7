import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import type { DueTime } from '#domain/policy/policy';

/** A whole number with a unit: `10s`, `15m`, `4h`, `2d`. */
export const DURATION = /^[1-9][0-9]{0,5}[smhd]$/;
/** `5 business days`, or a duration. */
export const DUE = /^(?:[1-9][0-9]{0,2} business days?|[1-9][0-9]{0,5}[smhd])$/;
/** `1d before`, `due`, `2d after`. */
export const REMINDER = /^(?:due|[1-9][0-9]{0,5}[smhd] (?:before|after))$/;

const UNITS = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', SECOND_MS],
] as const;

/** Milliseconds. The text has matched `DURATION`. */
export function durationMs(text: string): number {
  const unit = UNITS.find(([letter]) => text.endsWith(letter));
  if (unit === undefined) throw new RangeError('a duration ends in s, m, h or d');
  return Number(text.slice(0, -1)) * unit[1];
}

/** In the largest unit that gives a whole number. */
export function durationText(ms: number): string {
  const [letter, unitMs] = UNITS.find(([, each]) => ms % each === 0) ?? ['s', SECOND_MS];
  return `${Math.round(ms / unitMs)}${letter}`;
}

/** The text has matched `DUE`. */
export function dueTime(text: string): DueTime {
  const [count = '', business] = text.split(' ');
  return business === undefined ? { ms: durationMs(text) } : { businessDays: Number(count) };
}

/** Milliseconds from the due time; negative is before. The text has matched `REMINDER`. */
export function reminderMs(text: string): number {
  const [span = '', side] = text.split(' ');
  if (side === undefined) return 0;
  return side === 'before' ? -durationMs(span) : durationMs(span);
}
