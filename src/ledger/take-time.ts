import type { PlainText } from './plain-text.ts';
import { parseTime } from './statement-time.ts';

const DAY_MS = 86_400_000;
const ZERO = 0x30;
const WRITTEN = '2026-03-02T02:00:00.000Z'.length;
const DAY = '"2026-03-02T'.length;

/**
 * Takes the times of a log, as epoch milliseconds. Most are of the day of the one before: then only
 * the time of day is read.
 */
export function timeTaker(): (text: PlainText) => number | undefined {
  let day = '';
  let dayMs = 0;
  return (text) => {
    const { at } = text;
    if (day !== '' && text.skip(day)) return takeTimeOfDay(text, dayMs);
    const written = text.string();
    const time = written === undefined ? undefined : parseTime(written);
    if (time === undefined || written?.length !== WRITTEN) return time;
    day = text.copy(at, at + DAY);
    dayMs = Math.floor(time / DAY_MS) * DAY_MS;
    return time;
  };
}

/** `02:00:00.000Z"`, as every instant of a day is written. */
function takeTimeOfDay(text: PlainText, dayMs: number): number | undefined {
  const { at } = text;
  const hours = digits(text, at, 2);
  const minutes = digits(text, at + 3, 2);
  const seconds = digits(text, at + 6, 2);
  const ms = digits(text, at + 9, 3);
  const isTime = hours < 24 && minutes < 60 && seconds < 60 && ms < 1000;
  const isWritten =
    text.text[at + 2] === ':' && text.text[at + 5] === ':' && text.text[at + 8] === '.';
  text.at = at + 12;
  if (!isTime || !isWritten || !text.skip('Z"')) return undefined;
  return dayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
}

/** Their number; not a number if one is no digit. */
function digits(text: PlainText, from: number, count: number): number {
  let value = 0;
  for (let place = from; place < from + count; place += 1) {
    const digit = text.byteAt(place) - ZERO;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
  }
  return value;
}
