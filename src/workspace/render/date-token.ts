import { own } from '../own.ts';
import type { Reader } from './reader.ts';

const DAY_MS = 86_400_000;

type Style = Intl.DateTimeFormatOptions;
const SHORT: Style = { month: 'short', day: 'numeric', year: 'numeric' };
const LONG: Style = { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' };
const NORMAL: Style = { month: 'long', day: 'numeric', year: 'numeric' };
const TIME: Style = { hour: 'numeric', minute: '2-digit' };

const FORMATS: Readonly<Record<string, (atMs: number, reader: Reader) => string>> = {
  date_num: (at, { viewerTz }) => new Date(at).toLocaleDateString('sv-SE', zone(viewerTz)),
  date_slash: (at, reader) =>
    format(at, reader, { month: '2-digit', day: '2-digit', year: 'numeric' }),
  date: (at, reader) => format(at, reader, NORMAL),
  date_short: (at, reader) => format(at, reader, SHORT),
  date_long: (at, reader) => format(at, reader, LONG),
  date_pretty: (at, reader) => pretty(at, reader, NORMAL),
  date_short_pretty: (at, reader) => pretty(at, reader, SHORT),
  date_long_pretty: (at, reader) => pretty(at, reader, LONG),
  time: (at, reader) => format(at, reader, TIME),
  time_secs: (at, reader) => format(at, reader, { ...TIME, second: '2-digit' }),
  ago: (at, reader) => ago(at, reader),
};

/** The first and last time there is, from 1970 (ECMA-262 §21.4.1.1). */
const FURTHEST_MS = 8.64e15;

/**
 * Fills Slack's date placeholders (`{date_short}`, `{time}`, …) for one reader; undefined for a time
 * that no calendar has.
 */
export function renderDate(seconds: number, template: string, reader: Reader): string | undefined {
  const atMs = seconds * 1000;
  if (!(Math.abs(atMs) <= FURTHEST_MS)) return undefined;
  return template.replaceAll(
    /\{(\w+)\}/g,
    (whole, name: string) => own(FORMATS, name)?.(atMs, reader) ?? whole,
  );
}

function format(atMs: number, { viewerTz }: Reader, style: Style): string {
  return new Date(atMs)
    .toLocaleString('en-US', { ...style, ...zone(viewerTz) })
    .replaceAll('\u202F', ' ');
}

function zone(viewerTz: string | undefined): Style {
  return { timeZone: viewerTz ?? 'UTC' };
}

function pretty(atMs: number, reader: Reader, style: Style): string {
  if (reader.nowMs === undefined) return format(atMs, reader, style);
  const day = format(atMs, reader, SHORT);
  for (const [word, offset] of [
    ['today', 0],
    ['yesterday', -DAY_MS],
    ['tomorrow', DAY_MS],
  ] as const) {
    if (day === format(reader.nowMs + offset, reader, SHORT)) return word;
  }
  return format(atMs, reader, style);
}

function ago(atMs: number, reader: Reader): string {
  if (reader.nowMs === undefined) return format(atMs, reader, { ...SHORT, ...TIME });
  const minutes = Math.round((atMs - reader.nowMs) / 60_000);
  const words = new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute');
  if (Math.abs(minutes) < 24 * 60) return words.format(Math.round(minutes / 60), 'hour');
  return words.format(Math.round(minutes / 60 / 24), 'day');
}
