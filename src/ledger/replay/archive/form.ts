import type { Digest } from '../../digest.ts';
import type { Packing, Unpacking } from './packing.ts';

/**
 * How values of one type are written into few bytes, and read back the same. Nothing of the form is
 * in the bytes: they are read by the form that wrote them.
 */
export interface Form<Value> {
  readonly write: (value: Value, to: Packing) => void;
  readonly read: (from: Unpacking) => Value;
}

export const flag: Form<boolean> = {
  write: (value, to) => to.bytes.byte(value ? 1 : 0),
  read: (from) => from.bytes.byte() === 1,
};

/** Any number; a small whole one takes a byte. */
export const number: Form<number> = {
  write: (value, to) => to.number(value, 0),
  read: (from) => from.number(0),
};

/** Any number; one that is near the time before it takes few bytes. */
export const time: Form<number> = {
  write: (value, to) => to.time(value),
  read: (from) => from.time(),
};

/** A text that other chains have too; `Text` may be a brand. */
export const name = <Text extends string>(): Form<Text> => ({
  write: (value, to) => to.name(value),
  read: (from) => from.name() as Text,
});

/** A text that stands in one chain more than once, and hardly in another. */
export const own = <Text extends string>(): Form<Text> => ({
  write: (value, to) => to.own(value),
  read: (from) => from.own() as Text,
});

/** A digest of the log. */
export const digest: Form<Digest> = {
  write: (value, to) => to.digest(value),
  read: (from) => from.digest(),
};

export function nullable<Value>(form: Form<Value>): Form<Value | null> {
  return {
    write: (value, to) => {
      to.bytes.byte(value === null ? 0 : 1);
      if (value !== null) form.write(value, to);
    },
    read: (from) => (from.bytes.byte() === 0 ? null : form.read(from)),
  };
}

/** A member that may be absent, and is absent again when it is read. */
export function optional<Value>(form: Form<Value>): Form<Value | undefined> {
  return {
    write: (value, to) => {
      to.bytes.byte(value === undefined ? 0 : 1);
      if (value !== undefined) form.write(value, to);
    },
    read: (from) => (from.bytes.byte() === 0 ? undefined : form.read(from)),
  };
}

export function list<Item>(form: Form<Item>) {
  return {
    write: (items: readonly Item[], to: Packing): void => {
      to.bytes.count(items.length);
      for (const item of items) form.write(item, to);
    },
    read: (from: Unpacking): Item[] => {
      const items: Item[] = [];
      for (let left = from.bytes.count(); left > 0; left -= 1) items.push(form.read(from));
      return items;
    },
  };
}

export function set<Item>(form: Form<Item>) {
  const items = list(form);
  return {
    write: (value: ReadonlySet<Item>, to: Packing): void => items.write([...value], to),
    read: (from: Unpacking): Set<Item> => new Set(items.read(from)),
  };
}

export function map<Key, Value>(keys: Form<Key>, values: Form<Value>) {
  return {
    write: (pairs: ReadonlyMap<Key, Value>, to: Packing): void => {
      to.bytes.count(pairs.size);
      for (const [key, value] of pairs) {
        keys.write(key, to);
        values.write(value, to);
      }
    },
    read: (from: Unpacking): Map<Key, Value> => {
      const pairs = new Map<Key, Value>();
      for (let left = from.bytes.count(); left > 0; left -= 1)
        pairs.set(keys.read(from), values.read(from));
      return pairs;
    },
  };
}

/** An object from names to values of one form. */
export function byName<Value>(form: Form<Value>): Form<Readonly<Record<string, Value>>> {
  const pairs = map(name(), form);
  return {
    write: (value, to) => pairs.write(new Map(Object.entries(value)), to),
    read: (from) => Object.fromEntries(pairs.read(from)),
  };
}

/** The compiler holds the forms and the type together: a member that is added has to have a form. */
export function record<Value extends object>(forms: {
  readonly [Name in keyof Value]-?: Form<Value[Name]>;
}): Form<Value> {
  const members = Object.keys(forms) as (keyof Value)[];
  const all = members.map((member) => forms[member]) as Form<unknown>[];
  return {
    write: (value, to) => {
      // Counted, because this is done for every member of every chain.
      for (let at = 0; at < all.length; at += 1) {
        const member = members[at];
        if (member !== undefined) all[at]?.write(value[member], to);
      }
    },
    read: (from) => {
      const value: { [Name in keyof Value]?: unknown } = {};
      for (const [at, member] of members.entries()) {
        const read = all[at]?.read(from);
        if (read !== undefined) value[member] = read;
      }
      return value as Value;
    },
  };
}

/** Those of a union whose member can have this value. */
type Having<Union, Member extends keyof Union, Value> = Union extends unknown
  ? Value extends Union[Member]
    ? Union
    : never
  : never;

/** A union that a member tells apart. */
export function union<Union, Member extends keyof Union>(
  member: Member,
  forms: {
    readonly [Value in Union[Member] & string]: Form<Having<Union, Member, Value>>;
  },
): Form<Union> {
  const kinds = name();
  const all = new Map(Object.entries(forms as Readonly<Record<string, Form<Union>>>));
  const formOf = (kind: string): Form<Union> => {
    const form = all.get(kind);
    if (form === undefined) throw new RangeError(`nothing is packed as ${kind}`);
    return form;
  };
  return {
    write: (value, to) => {
      const kind = String(value[member]);
      kinds.write(kind, to);
      formOf(kind).write(value, to);
    },
    read: (from) => formOf(kinds.read(from)).read(from),
  };
}
