/**
 * Whether a value's members stand in the order of RFC 8785 already, and all in it has a canonical
 * form: then `JSON.stringify` writes exactly that form, much faster than it can be put together
 * member by member. `false` says nothing: only writing it out does.
 */
export function isCanonicallyOrdered(value: unknown, deepest: number): boolean {
  if (deepest < 0) return false;
  if (typeof value === 'string') return value.isWellFormed();
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') return isPlainNumber(value);
  if (typeof value !== 'object') return false;
  return Array.isArray(value) ? isOrderedList(value, deepest) : isOrderedObject(value, deepest);
}

function isPlainNumber(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

// By index, so that a hole is seen as the `undefined` that it would be written as.
function isOrderedList(items: readonly unknown[], deepest: number): boolean {
  for (let place = 0; place < items.length; place += 1)
    if (!isCanonicallyOrdered(items[place], deepest - 1)) return false;
  return true;
}

function isOrderedObject(members: object, deepest: number): boolean {
  if (Object.getPrototypeOf(members) !== Object.prototype) return false;
  let before: string | undefined;
  for (const name of Object.keys(members)) {
    if (before !== undefined && name <= before) return false;
    before = name;
    if (!name.isWellFormed()) return false;
    const member: unknown = (members as Readonly<Record<string, unknown>>)[name];
    if (!isCanonicallyOrdered(member, deepest - 1)) return false;
  }
  return true;
}
