import type { JsonValue } from '#ledger/canonical-json';

export type Path = readonly (string | number)[];

/** The document with another value at a path; the rest is shared. Throws if nothing stands there. */
export function withValue(from: JsonValue, path: Path, value: JsonValue): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(from)) {
    const items = from as readonly JsonValue[];
    if (typeof key !== 'number' || key >= items.length) throw new Error(`no item ${key}`);
    return items.map((one, place) => (place === key ? withValue(one, rest, value) : one));
  }
  if (from === null || typeof from !== 'object' || !(key in from)) throw new Error(`no ${key}`);
  const members = from as Readonly<Record<string, JsonValue>>;
  return { ...members, [key]: withValue(members[key] ?? null, rest, value) };
}

/** What stands at a path. */
export function valueAt(from: JsonValue, path: Path): JsonValue {
  let value: JsonValue = from;
  for (const key of path) {
    const next: [string, JsonValue] | undefined = Object.entries(Object(value) as object).find(
      ([name]) => name === String(key),
    );
    if (next === undefined) throw new Error(`no ${key}`);
    [, value] = next;
  }
  return value;
}

/** The text at a path. Throws for anything else. */
export function textAt(from: JsonValue, path: Path): string {
  const value = valueAt(from, path);
  if (typeof value !== 'string') throw new Error('no text');
  return value;
}

/** The bytes at a path, in base64, with their last bit flipped. */
export function flippedAt(from: JsonValue, path: Path): string {
  const bytes = Buffer.from(textAt(from, path), 'base64');
  const last = bytes.length - 1;
  bytes[last] = bytes.readUInt8(last) ^ 1;
  return bytes.toString('base64');
}
