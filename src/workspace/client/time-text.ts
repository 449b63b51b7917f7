/** Times as Slack's English client writes them. `at` is in milliseconds since the Unix epoch. */
type Style = Intl.DateTimeFormatOptions;

export interface Reader {
  /** IANA zone. */
  readonly tz: string;
  readonly nowMs: number;
}

const DAY_MS = 86_400_000;
const SHORT: Style = { month: 'short', day: 'numeric', year: 'numeric' };
const NORMAL: Style = { month: 'long', day: 'numeric', year: 'numeric' };
const LONG: Style = { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' };
const SLASH: Style = { month: '2-digit', day: '2-digit', year: 'numeric' };
const TIME: Style = { hour: 'numeric', minute: '2-digit' };

/** A message's `ts` is seconds with a sequence number behind the point. */
export const tsToMs = (ts: string): number => Math.floor(Number(ts)) * 1000;

export function format(at: number, { tz }: Reader, style: Style): string {
  const text = new Date(at).toLocaleString('en-US', { ...style, timeZone: tz });
  return text.replaceAll('\u202F', ' ');
}

/** `2:47 AM` */
export const timeText = (at: number, reader: Reader): string => format(at, reader, TIME);

/** The day a message belongs to, in the reader's zone: `2026-11-22`. */
export const dayKey = (at: number, { tz }: Reader): string =>
  new Date(at).toLocaleDateString('sv-SE', { timeZone: tz });

/** For the line between two days: `Today`, `Yesterday`, `Friday, November 20th`. */
export function dayText(at: number, reader: Reader): string {
  const near = nearDay(at, reader);
  if (near !== undefined) return near[0]?.toUpperCase() + near.slice(1);
  const day = Number(format(at, reader, { day: 'numeric' }));
  return `${format(at, reader, { weekday: 'long', month: 'long', day: 'numeric' })}${ordinal(day)}`;
}

/** The first and last time there is, from 1970 (ECMA-262 §21.4.1.1). */
const FURTHEST_MS = 8.64e15;

/** Whether there is a time so many seconds after 1970. */
export const isTime = (seconds: number): boolean => Math.abs(seconds * 1000) <= FURTHEST_MS;

/**
 * Fills Slack's date placeholders (`{date_short}`, `{time}`, …) for one reader; undefined for a time
 * that no calendar has.
 */
export function dateTokenText(
  seconds: number,
  template: string,
  reader: Reader,
): string | undefined {
  const at = seconds * 1000;
  if (!isTime(seconds)) return undefined;
  return template.replaceAll(
    /\{(\w+)\}/g,
    (whole, name: string) => PLACEHOLDERS.get(name)?.(at, reader) ?? whole,
  );
}

const pretty =
  (style: Style) =>
  (at: number, reader: Reader): string =>
    nearDay(at, reader) ?? format(at, reader, style);

type Placeholder = (at: number, reader: Reader) => string;

/** Not an object: that would also have what all of them inherit, `{constructor}` and more. */
const PLACEHOLDERS: ReadonlyMap<string, Placeholder> = new Map<string, Placeholder>([
  ['date_num', dayKey],
  ['date_slash', (at, reader) => format(at, reader, SLASH)],
  ['date', (at, reader) => format(at, reader, NORMAL)],
  ['date_short', (at, reader) => format(at, reader, SHORT)],
  ['date_long', (at, reader) => format(at, reader, LONG)],
  ['date_pretty', pretty(NORMAL)],
  ['date_short_pretty', pretty(SHORT)],
  ['date_long_pretty', pretty(LONG)],
  ['time', timeText],
  ['time_secs', (at, reader) => format(at, reader, { ...TIME, second: '2-digit' })],
  ['ago', (at, { nowMs }) => ago(at - nowMs)],
]);

function nearDay(at: number, reader: Reader): string | undefined {
  const day = dayKey(at, reader);
  if (day === dayKey(reader.nowMs, reader)) return 'today';
  if (day === dayKey(reader.nowMs - DAY_MS, reader)) return 'yesterday';
  return day === dayKey(reader.nowMs + DAY_MS, reader) ? 'tomorrow' : undefined;
}

function ago(differenceMs: number): string {
  const words = new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' });
  const minutes = Math.round(differenceMs / 60_000);
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute');
  if (Math.abs(minutes) < 24 * 60) return words.format(Math.round(minutes / 60), 'hour');
  return words.format(Math.round(minutes / 60 / 24), 'day');
}

function ordinal(day: number): string {
  const kind = new Intl.PluralRules('en-US', { type: 'ordinal' }).select(day);
  return { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }[kind];
}
