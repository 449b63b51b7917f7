import type { PlainText } from './plain-text.ts';

/**
 * Reads a value from the text where it stands; `undefined` for one that has to be read as JSON,
 * right or wrong. Whatever it reads, its shape reads the same from the JSON.
 */
export type Take<Value> = (text: PlainText) => Value | undefined;

export function takeList<Value>(item: Take<Value>): Take<readonly Value[]> {
  return (text) => {
    const items: Value[] = [];
    if (!text.skip('[')) return undefined;
    if (text.skip(']')) return items;
    for (;;) {
      const one = item(text);
      if (one === undefined) return undefined;
      items.push(one);
      if (text.skip(']')) return items;
      if (!text.skip(',')) return undefined;
    }
  };
}

/** Names of any kind, each once and in canonical order (RFC 8785 §3.2.3), to values of one. */
export function takeRecord<Value>(item: Take<Value>): Take<Readonly<Record<string, Value>>> {
  return (text) => {
    const read: Record<string, Value> = {};
    if (!text.skip('{')) return undefined;
    if (text.skip('}')) return read;
    let before: string | undefined;
    for (;;) {
      const name = text.string();
      // Assigned to, `__proto__` would not be a name.
      if (name === undefined || name === '__proto__' || !text.skip(':')) return undefined;
      if (before !== undefined && name <= before) return undefined;
      const one = item(text);
      if (one === undefined) return undefined;
      read[name] = one;
      before = name;
      if (text.skip('}')) return read;
      if (!text.skip(',')) return undefined;
    }
  };
}

/** A member of an object, with what it was in the object that was read before. */
interface Member {
  readonly name: string;
  readonly take: Take<unknown>;
  /** What stands before its value. */
  readonly before: string;
  /** From its name on, as it was written in the object before. */
  written: string;
}

/** No text that is read has this character. */
const NEVER_WRITTEN = '\u0100';

/**
 * An object with exactly these members, in canonical order. Objects that come together say much the
 * same: a member that is written as it was before is what it was before, and is not read again.
 */
export function takeObject(
  members: readonly (readonly [name: string, take: Take<unknown>])[],
): Take<object> {
  const inOrder = members
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, take], place): Member => {
      const before = `${place === 0 ? '{' : ','}"${name}":`;
      return { name, take, before, written: NEVER_WRITTEN };
    });
  const last: Record<string, unknown> = {};
  return (text) => {
    for (const member of inOrder)
      if (!text.skipMember(member.written) && !takeMember(text, member, last)) return undefined;
    // A copy of all takes a third of what it takes to put one member behind the other.
    return text.skip('}') ? Object.assign({}, last) : undefined;
  };
}

/** Reads a member that says something else than it did before; `false` where it cannot. */
function takeMember(text: PlainText, member: Member, last: Record<string, unknown>): boolean {
  const { at } = text;
  const value = text.skip(member.before) ? member.take(text) : undefined;
  if (value === undefined) return false;
  member.written = text.text.slice(at, text.at);
  last[member.name] = value;
  return true;
}

/**
 * For what stands in one entry after the other, of whatever type: where it is written as it was
 * before, it is what it was before. Its end must show where it stands, as that of a text does, or of
 * an object; and nobody may change what it gives.
 */
export function takeAgain<Value>(take: Take<Value>): Take<Value> {
  let written = NEVER_WRITTEN;
  let last: Value | undefined;
  return (text) => {
    if (text.skip(written)) return last;
    const { at } = text;
    const value = take(text);
    if (value === undefined) return undefined;
    written = text.text.slice(at, text.at);
    last = value;
    return value;
  };
}

/** One or else the other. */
export function takeEither<One, Other>(one: Take<One>, other: Take<Other>): Take<One | Other> {
  return (text) => {
    const { at } = text;
    const read = one(text);
    if (read !== undefined) return read;
    text.at = at;
    return other(text);
  };
}
