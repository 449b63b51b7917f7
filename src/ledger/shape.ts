import type { JsonValue } from './canonical-json.ts';
import { parseTime } from './statement-time.ts';
import { takeEither, takeList, takeObject, takeRecord, type Take } from './take.ts';
import { timeTaker } from './take-time.ts';

/** What a shape gives: the typed value, or the path of the first member that does not fit. */
export type Shaped<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly path: string };

/**
 * Reads one JSON value into a typed one. `undefined` stands for an absent member. The path that it
 * is given may be empty: whoever reads the whole puts its own before it.
 */
export interface Shape<Value> {
  (value: JsonValue | undefined, path: string): Shaped<Value>;
  /** Reads the same from its text, where it can. */
  readonly take?: Take<Value> | undefined;
}

type ReadValue<Value> = (value: JsonValue | undefined, path: string) => Shaped<Value>;

/** A shape that can be read from its text too. */
export function withTake<Value>(
  read: ReadValue<Value>,
  take: Take<Value> | undefined,
): Shape<Value> {
  // A function of its own, because shapes are made of others that stay as they are.
  return Object.assign((value: JsonValue | undefined, path: string) => read(value, path), { take });
}

const fits = <Value>(value: Value): Shaped<Value> => ({ ok: true, value });
const misfit = (path: string): { readonly ok: false; readonly path: string } => ({
  ok: false,
  path,
});

/** A value that `accept` turns into what it stands for; `undefined` from it refuses. */
export function scalar<Value>(
  accept: (value: JsonValue) => Value | undefined,
  take?: Take<Value>,
): Shape<Value> {
  return withTake((value, path) => {
    const read = value === undefined ? undefined : accept(value);
    return read === undefined ? misfit(path) : fits(read);
  }, take);
}

/** Any text but the empty one; `Text` may be a brand. */
export const text = <Text extends string = string>(): Shape<Text> =>
  scalar(
    (value) => (typeof value === 'string' && value !== '' ? (value as Text) : undefined),
    (source) => (source.string() || undefined) as Text | undefined,
  );

/** Text that may be empty, as people type it into labels and descriptions. */
export const anyText: Shape<string> = scalar(
  (value) => (typeof value === 'string' ? value : undefined),
  (source) => source.string(),
);

export const flag: Shape<boolean> = scalar(
  (value) => (typeof value === 'boolean' ? value : undefined),
  (source) => {
    if (source.skip('false')) return false;
    return source.skip('true') || undefined;
  },
);

/** A whole number that every reader takes for the same (RFC 7493 §2.2). */
export const integer: Shape<number> = scalar((value) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined,
);

export const count: Shape<number> = scalar(
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined,
  (source) => source.count(),
);

/** RFC 3339 in UTC with milliseconds, and no other spelling, as epoch milliseconds. */
export const time = (): Shape<number> =>
  scalar((value) => (typeof value === 'string' ? parseTime(value) : undefined), timeTaker());

export function exactly<Text extends string>(...allowed: readonly Text[]): Shape<Text> {
  const written = allowed.map((one) => ({ one, text: JSON.stringify(one) }));
  return scalar(
    (value) => allowed.find((one) => one === value),
    (source) => written.find(({ text }) => source.skip(text))?.one,
  );
}

/** Any JSON at all. */
export const json: Shape<JsonValue> = scalar((value) => value);

export function nullable<Value>(shape: Shape<Value>): Shape<Value | null> {
  const { take } = shape;
  return withTake(
    (value, path) => (value === null ? fits(null) : shape(value, path)),
    take && ((source) => (source.skip('null') ? null : take(source))),
  );
}

export function listOf<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  return withTake(
    (value, path) => {
      if (!Array.isArray(value)) return misfit(path);
      const items: Value[] = [];
      for (let place = 0; place < value.length; place += 1) {
        const read = shape((value as readonly JsonValue[])[place], '');
        if (!read.ok) return misfit(`${path}[${place}]${read.path}`);
        items.push(read.value);
      }
      return fits(items);
    },
    shape.take && takeList(shape.take),
  );
}

/** Names of any kind to values of one. */
export function recordOf<Value>(shape: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return withTake(
    (value, path) => {
      const members = membersOf(value);
      if (members === undefined) return misfit(path);
      const read: [string, Value][] = [];
      for (const [name, item] of Object.entries(members)) {
        const one = shape(item, '');
        if (!one.ok) return misfit(`${path}.${name}${one.path}`);
        read.push([name, one.value]);
      }
      // Defined rather than assigned, so that a name like `__proto__` stays a name.
      return fits(Object.fromEntries(read));
    },
    shape.take && takeRecord(shape.take),
  );
}

/** Of the members that are always there. */
export type RequiredShapes<Value> = {
  readonly [Name in keyof Value as undefined extends Value[Name] ? never : Name]-?: Shape<
    Value[Name]
  >;
};
/** Of those that may be absent. */
export type OptionalShapes<Value> = {
  readonly [Name in keyof Value as undefined extends Value[Name] ? Name : never]-?: Shape<
    Exclude<Value[Name], undefined>
  >;
};

/**
 * An object with exactly these members: one that is missing, and one that is not named here,
 * refuses. A member that its type makes optional stands under `optional`.
 */
export function object<Value extends object>(
  required: RequiredShapes<Value>,
  optional?: OptionalShapes<Value>,
): Shape<Value> {
  const all = [
    ...Object.entries(required).map(([name, shape]) => [name, shape, false] as const),
    ...Object.entries(optional ?? {}).map(([name, shape]) => [name, shape, true] as const),
  ] as readonly (readonly [string, Shape<unknown>, boolean])[];
  const names = new Set(all.map(([name]) => name));
  const inOrder = [...names].toSorted();
  return withTake(
    (value, path) => {
      const members = membersOf(value);
      if (members === undefined) return misfit(path);
      const own = Object.keys(members);
      // Nearly all are whole and written in canonical order: then nothing is missing, and no stray.
      const isWhole =
        own.length === inOrder.length && inOrder.every((name, at) => own[at] === name);
      const stray = isWhole ? undefined : own.find((name) => !names.has(name));
      if (stray !== undefined) return misfit(`${path}.${stray}`);
      // What is read as it stands is given as it stands: most of what is read is copied by nobody.
      let changed: Record<string, unknown> | undefined;
      for (const [name, shape, isOptional] of all) {
        const isPresent = isWhole || Object.hasOwn(members, name);
        if (isOptional && !isPresent) continue;
        const member = isPresent ? members[name] : undefined;
        const one = shape(member, '');
        if (!one.ok) return misfit(`${path}.${name}${one.path}`);
        if (one.value === member) continue;
        changed ??= { ...members };
        changed[name] = one.value;
      }
      return fits((changed ?? members) as Value);
    },
    takeMembers<Value>(required, optional),
  );
}

/** One with members that may be absent, or that cannot be read from their text, is read as JSON. */
function takeMembers<Value>(
  required: Readonly<Record<string, Shape<unknown>>>,
  optional: object | undefined,
): Take<Value> | undefined {
  const members: [string, Take<unknown>][] = [];
  for (const [name, { take }] of Object.entries(required)) {
    if (take === undefined) return undefined;
    members.push([name, take]);
  }
  return optional === undefined ? (takeObject(members) as Take<unknown> as Take<Value>) : undefined;
}

/** The first, if `isFirst` says so of the value, else the second. */
export function either<First, Second>(
  isFirst: (value: JsonValue | undefined) => boolean,
  first: Shape<First>,
  second: Shape<Second>,
): Shape<First | Second> {
  return withTake<First | Second>(
    (value, path) => (isFirst(value) ? first(value, path) : second(value, path)),
    first.take && second.take && takeEither(second.take, first.take),
  );
}

/** The members of a JSON object; `undefined` for anything else. */
export function membersOf(
  value: JsonValue | undefined,
): { readonly [member: string]: JsonValue } | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return value as { readonly [member: string]: JsonValue };
}
