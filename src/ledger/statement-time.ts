import type { JsonValue } from './canonical-json.ts';

const isTimeName = (name: string): boolean => name === 'at' || name.endsWith('At');

/**
 * Instants (`at`, `…At`; epoch milliseconds) as RFC 3339 in UTC with milliseconds, at any depth:
 * what an auditor reads in a statement.
 */
export function timesToText(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => timesToText(item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]): [string, JsonValue] => [
      name,
      isTimeName(name) && typeof item === 'number'
        ? new Date(item).toISOString()
        : timesToText(item),
    ]),
  );
}

/** Reads an instant that is written so; `undefined` for any other spelling. */
export function parseTime(text: string): number | undefined {
  const at = Date.parse(text);
  return Number.isFinite(at) && new Date(at).toISOString() === text ? at : undefined;
}
