import fc from 'fast-check';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** What is put in place of something that is right. */
const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    null,
    '',
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    true,
    '\u0000',
    '\ud800',
    '\u202e',
    'x'.repeat(5_000),
    '__proto__',
    '9999-12-31T23:59:59.999Z',
    '2026-02-30T00:00:00Z',
    {},
    [],
    JSON.parse('{"__proto__":{"admin":true},"constructor":1,"toString":null}') as Json,
    JSON.parse(nested(100)) as Json,
    Array.from({ length: 200 }, () => null),
  ),
);

interface Change {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add';
  readonly odd: Json;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'replace', 'remove', 'add'),
  odd,
});

/** Any JSON at all, and what some sender really sends with one to three things in it changed. */
export function hostileJson(...samples: readonly unknown[]): fc.Arbitrary<unknown> {
  const changed = fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 0, maxLength: 3 }))
    .map(([sample, changes]) => changes.reduce(apply, structuredClone(sample) as Json));
  return fc.oneof({ arbitrary: odd, weight: 1 }, { arbitrary: changed, weight: 4 });
}

/** The same as text; now and then it is broken off, or no JSON. */
export const hostileJsonText = (...samples: readonly unknown[]): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: hostileJson(...samples).map((value) => JSON.stringify(value)), weight: 4 },
    {
      arbitrary: hostileText(...samples.map((one) => JSON.stringify(one)), nested(3_000)),
      weight: 1,
    },
  );

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '\n',
    '\r\n',
    ' ',
    '.',
    '=',
    '+',
    '/',
    '-',
    '"',
    '\\',
    '\u0000',
    '\ud800',
    '\uFEFF',
    '— ',
    '💥',
    '0',
    '9'.repeat(400),
  ),
);

/** Any text at all, and what is right with some of it cut out, put in or written twice. */
export function hostileText(...samples: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({ at: fc.nat(), cut: fc.nat(12), put: piece, twice: fc.boolean() });
  const edited = fc
    .tuple(fc.constantFrom(...samples), fc.array(edit, { maxLength: 3 }))
    .map(([sample, edits]) =>
      edits.reduce((text, { at, cut, put, twice }) => {
        const place = at % (text.length + 1);
        const [before, after] = [text.slice(0, place), text.slice(place + cut)];
        return twice ? `${before}${put}${text.slice(place)}${after}` : `${before}${put}${after}`;
      }, sample),
    );
  const any = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constant('a'.repeat(50_000)),
  );
  return fc.oneof({ arbitrary: any, weight: 1 }, { arbitrary: edited, weight: 4 });
}

/** The same as bytes, some of which are no UTF-8. */
export const hostileBytes = (
  ...samples: readonly Uint8Array[]
): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
    fc
      .tuple(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        fc.nat(),
      )
      .map(([sample, changes, end]) => {
        const bytes = new Uint8Array(sample);
        for (const [at, byte] of changes) bytes[at % Math.max(bytes.length, 1)] = byte;
        return end % 3 === 0 ? bytes.slice(0, end % (bytes.length + 1)) : bytes;
      }),
  );

function apply(json: Json, { at, how, odd: put }: Change): Json {
  const places = placesIn(json);
  const place = places[at % places.length] ?? [];
  return changed(json, place, how, put);
}

/** The path of each value, the whole at last. */
function placesIn(json: Json): readonly (readonly string[])[] {
  if (typeof json !== 'object' || json === null) return [[]];
  const inside = Object.entries(json).flatMap(([name, value]) =>
    placesIn(value).map((path) => [name, ...path]),
  );
  return [...inside, []];
}

function changed(json: Json, path: readonly string[], how: Change['how'], put: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) {
    if (how === 'add' && Array.isArray(json)) return [...(json as readonly Json[]), put];
    if (how !== 'add' || typeof json !== 'object' || json === null) return put;
    return Object.fromEntries([...Object.entries(json), ['odd', put]]);
  }
  if (Array.isArray(json)) {
    const items = json as readonly Json[];
    return how === 'remove' && rest.length === 0
      ? items.filter((_, index) => String(index) !== name)
      : items.map((item, index) => (String(index) === name ? changed(item, rest, how, put) : item));
  }
  const members = Object.entries(json as { readonly [name: string]: Json });
  return Object.fromEntries(
    members.flatMap(([key, value]) => {
      if (key !== name) return [[key, value]];
      return how === 'remove' && rest.length === 0 ? [] : [[key, changed(value, rest, how, put)]];
    }),
  );
}
