import type { JsonValue } from './canonical-json.ts';

const isTimeName = (name: string): boolean => name === 'at' || name.endsWith('At');

/**
 * Instants (`at`, `…At`; epoch milliseconds) as RFC 3339 in UTC with milliseconds, at any depth:
 * what an auditor reads in a statement.
 */
export function timesToText(value: JsonValue): JsonValue {
  return mapTimes(value, (item) =>
    typeof item === 'number' ? new Date(item).toISOString() : item,
  );
}

/** The reverse of timesToText; a text that is not such a time stays as it is. */
export function timesToInstants(value: JsonValue): JsonValue {
  return mapTimes(value, (item) => {
    if (typeof item !== 'string') return item;
    const at = Date.parse(item);
    return Number.isFinite(at) && new Date(at).toISOString() === item ? at : item;
  });
}

function mapTimes(value: JsonValue, change: (item: JsonValue) => JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => mapTimes(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]): [string, JsonValue] => [
      name,
      isTimeName(name) ? change(item) : mapTimes(item, change),
    ]),
  );
}
