import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText, parseCanonicalJson, type JsonValue } from '#ledger/canonical-json';
import { digest, EVENT_SHAPES } from '#ledger/event-shapes';
import { PlainText } from '#ledger/plain-text';
import {
  anyText,
  count,
  either,
  exactly,
  flag,
  listOf,
  membersOf,
  nullable,
  object,
  recordOf,
  text,
  time,
  type Shape,
} from '#ledger/shape';
import { settings } from '#test/support/property';

interface Person {
  readonly kind: 'person';
  readonly name: string;
}
interface Robot {
  readonly kind: 'robot';
  readonly at: number;
}
interface All {
  readonly name: string;
  readonly label: string;
  readonly isOn: boolean;
  readonly count: number;
  readonly from: number;
  readonly until: number | null;
  readonly how: 'one' | 'other' | 'one or the other';
  readonly digest: string;
  readonly list: readonly (string | null)[];
  readonly named: Readonly<Record<string, number>>;
  readonly who: Person | Robot;
}

const who = either<Person, Robot>(
  (value) => membersOf(value)?.['kind'] === 'person',
  object<Person>({ kind: exactly('person'), name: text() }),
  object<Robot>({ kind: exactly('robot'), at: time() }),
);

/** An object of every shape that is read from its text. */
const shape: Shape<All> = object<All>({
  name: text(),
  label: anyText,
  isOn: flag,
  count,
  from: time(),
  until: nullable(time()),
  how: exactly('one', 'other', 'one or the other'),
  digest,
  list: listOf(nullable(text())),
  named: recordOf(count),
  who,
});

const plain = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
const moment = fc
  .oneof(
    fc.integer({ min: Date.UTC(2026, 1, 27), max: Date.UTC(2026, 2, 3) }),
    fc.integer({ min: -1e14, max: 1e15 }),
  )
  .map((at) => new Date(at).toISOString());
const sha256 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => `sha256:${Buffer.from(bytes).toString('hex')}`);
const number = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.nat(3));
const value = fc.record({
  name: plain,
  label: fc.oneof(
    { weight: 9, arbitrary: fc.string({ maxLength: 5 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
  ),
  isOn: fc.boolean(),
  count: number,
  from: moment,
  until: fc.option(moment),
  how: fc.constantFrom('one', 'other', 'one or the other'),
  digest: sha256,
  list: fc.array(fc.option(plain), { maxLength: 3 }),
  named: fc.dictionary(fc.oneof(plain, fc.constantFrom('1', '10', '__proto__')), number, {
    maxKeys: 3,
  }),
  who: fc.oneof(
    fc.record({ kind: fc.constant('person'), name: plain }),
    fc.record({ kind: fc.constant('robot'), at: moment }),
  ),
});
const written = value.filter(isWellFormed).map((one) => canonicalText(one as JsonValue));

function isWellFormed(one: { readonly label: string }): boolean {
  return one.label.isWellFormed();
}

const edit = fc.record({
  at: fc.nat(),
  cut: fc.nat(3),
  put: fc.oneof(
    fc.string({ maxLength: 2 }),
    fc.constantFrom('"', '\\', '\\u0041', '{}', '[]', ' ', ',', '0', '00', '-', '.5', 'e1'),
    fc.constantFrom('null', ',"x":1', '"a":1,', '24:', ':60', 'A', '\u0141', '\u007f', '\u0001'),
  ),
});

/** Whether it was read from its text; if so, it is what it is as JSON, and canonical. */
function holds(json: string): boolean {
  const source = PlainText.of(json);
  const read = shape.take?.(source);
  if (read === undefined || !source.isAtEnd) return false;
  const parsed = parseCanonicalJson(Buffer.from(json));
  expect(parsed).toBeDefined();
  expect(shape(parsed, '')).toEqual({ ok: true, value: read });
  return true;
}

describe('a value that is read from its text', () => {
  it('is what it is as JSON', () => {
    let read = 0;
    fc.assert(
      fc.property(written, (json) => {
        if (holds(json)) read += 1;
      }),
      settings({ numRuns: 2_000 }),
    );
    expect(read).toBeGreaterThan(200);
  });

  it('is what it is as JSON, or nothing, however it was edited', () => {
    fc.assert(
      fc.property(written, fc.array(edit, { minLength: 1, maxLength: 2 }), (json, edits) => {
        let edited = json;
        for (const { at, cut, put } of edits) {
          const place = at % (edited.length + 1);
          edited = `${edited.slice(0, place)}${put}${edited.slice(place + cut)}`;
        }
        holds(edited);
        // What was read before is remembered, and must not be taken for this.
        holds(json);
      }),
      settings({ numRuns: 5_000 }),
    );
  });

  it('is an event of any type', () => {
    for (const one of Object.values(EVENT_SHAPES)) expect(one.take).toBeDefined();
  });
});
