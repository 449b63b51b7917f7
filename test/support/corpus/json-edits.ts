import type { JsonValue } from '#ledger/canonical-json';

/** One edit of a JSON document. */
export interface JsonEdit {
  /** Such as `$.predicate.event.at`. */
  readonly path: string;
  readonly what: 'changed' | 'removed' | 'added';
  readonly apply: () => JsonValue;
}

type Members = Readonly<Record<string, JsonValue>>;

/**
 * Every edit of a document: each leaf changed, each member and item removed, and to each object a
 * member and to each list an item added.
 */
export function jsonEdits(value: JsonValue): readonly JsonEdit[] {
  return editsAt(value, '$');
}

function editsAt(value: JsonValue, path: string): readonly JsonEdit[] {
  if (Array.isArray(value)) return listEdits(value as readonly JsonValue[], path);
  if (value === null || typeof value !== 'object')
    return [{ path, what: 'changed', apply: () => otherThan(value) }];
  return memberEdits(value as Members, path);
}

function listEdits(items: readonly JsonValue[], path: string): readonly JsonEdit[] {
  const inside = items.flatMap((item, index): readonly JsonEdit[] => [
    { path: `${path}[${index}]`, what: 'removed', apply: () => items.toSpliced(index, 1) },
    ...editsAt(item, `${path}[${index}]`).map((edit) => ({
      ...edit,
      apply: () => items.with(index, edit.apply()),
    })),
  ]);
  const more = items[0] ?? 'stray';
  return [...inside, { path, what: 'added', apply: () => [...items, more] }];
}

function memberEdits(members: Members, path: string): readonly JsonEdit[] {
  const inside = Object.entries(members).flatMap(([name, member]): readonly JsonEdit[] => [
    {
      path: `${path}.${name}`,
      what: 'removed',
      apply: () => Object.fromEntries(Object.entries(members).filter(([other]) => other !== name)),
    },
    ...editsAt(member, `${path}.${name}`).map((edit) => ({
      ...edit,
      apply: () => ({ ...members, [name]: edit.apply() }),
    })),
  ]);
  return [...inside, { path, what: 'added', apply: () => ({ ...members, stray: 'added' }) }];
}

/** Another value of the same kind where there is one: a digest for a digest, a time for a time. */
function otherThan(value: null | boolean | number | string): JsonValue {
  if (value === null) return 'something';
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  const time = Date.parse(value);
  if (/^\d{4}-.*Z$/.test(value) && Number.isFinite(time))
    return new Date(time + 1000).toISOString();
  // Inside, since the last digits of base64 may stand for no bits.
  if (/^[\w+/]{40,}=*$/.test(value))
    return `${value.slice(0, 20)}${value.charAt(20) === '0' ? '1' : '0'}${value.slice(21)}`;
  const last = value.at(-1) ?? '';
  // A digit for a digit, so that hexadecimal, base64 and numbers in text stay what they are.
  const other = /[0-8]/.test(last) ? String(Number(last) + 1) : last === '9' ? '0' : undefined;
  if (other !== undefined) return value.slice(0, -1) + other;
  return last === 'a' ? `${value.slice(0, -1)}b` : `${value.slice(0, -1)}a`;
}
