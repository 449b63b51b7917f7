import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import { escapeMarkdown } from './escape-markdown.ts';
import { FilterMisused } from './template-errors.ts';
import { textOf } from './text-of.ts';

const RFC3339_UTC = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)\.\d{3}Z$/;
const PLAIN = /^(?!.*\/\/)[\w./:@#+=-]{1,300}$/;

/**
 * `time`: 2026-11-22T02:47:13Z (RFC 3339); `time: "clock"`: 02:47 UTC; `time: "date"`: 2026-11-22.
 * Nothing for null. Throws FilterMisused for what is no time of the facts.
 */
export function time(value: unknown, form: unknown = 'rfc3339'): string {
  if (value === null) return '';
  const [, date, clock, seconds] = RFC3339_UTC.exec(textOf(value)) ?? [];
  if (date === undefined || clock === undefined || seconds === undefined) {
    throw new FilterMisused('`time` needs one of the times, such as bypass.opened_at');
  }
  if (form === 'rfc3339') return `${date}T${clock}${seconds}Z`;
  if (form === 'clock') return `${clock} UTC`;
  if (form === 'date') return date;
  throw new FilterMisused('`time` takes "clock", "date" or nothing');
}

const UNITS: readonly (readonly [number, string])[] = [
  [DAY_MS, 'd'],
  [HOUR_MS, 'h'],
  [MINUTE_MS, 'min'],
  [SECOND_MS, 's'],
];

/** `duration`: milliseconds as `1 h 30 min`, in the two largest units. Nothing for null. */
export function duration(value: unknown): string {
  if (value === null) return '';
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new FilterMisused('`duration` needs one of the spans, such as bypass.ttl');
  }
  const largest = UNITS.findIndex(([unit]) => value >= unit);
  if (largest === -1) return '0 s';
  let rest = value;
  const parts = UNITS.slice(largest, largest + 2).flatMap(([unit, name]) => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return parts.join(' ');
}

/** `quote`: every line of a text as a block quote, each escaped. Nothing for null. */
export function quote(value: unknown): string {
  if (value === null) return '';
  return textOf(value)
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => `> ${escapeMarkdown(line)}`.trimEnd())
    .join('\n');
}

/** `map: "name"`: that member of each in a list. Throws FilterMisused where one has none. */
export function map(value: unknown, member: unknown): unknown[] {
  if (!Array.isArray(value)) throw new FilterMisused('`map` needs a list, such as approvals');
  const name = textOf(member);
  return value.map((one: unknown) => {
    if (typeof one !== 'object' || one === null || !Object.hasOwn(one, name)) {
      throw new FilterMisused(`\`map\`: there is no "${name}" in what the list holds`);
    }
    return (one as Record<string, unknown>)[name];
  });
}

/** `code`: a digest or a name as a code span; anything else only escaped. Nothing for null. */
export function code(value: unknown): string {
  if (value === null) return '';
  const text = textOf(value);
  // A code span knows no escapes (CommonMark §6.1), so only what needs none goes in.
  return PLAIN.test(text) ? `\`${text}\`` : escapeMarkdown(text);
}
