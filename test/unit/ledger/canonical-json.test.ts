import { describe, expect, it } from 'vitest';
import { CanonicalJsonError, canonicalText, parseCanonicalJson } from '#ledger/canonical-json';
import type { JsonValue } from '#ledger/canonical-json';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function codeOf(value: unknown): string {
  try {
    return `written: ${canonicalText(value as JsonValue)}`;
  } catch (error) {
    return error instanceof CanonicalJsonError ? error.code : String(error);
  }
}

describe('canonical JSON', () => {
  it('writes the example of RFC 8785 §3.2.2, but for its integer beyond 2^53', () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E10,4.50,2e-3,0.000000000000000000000000001],' +
        String.raw`"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",` +
        '"literals":[null,true,false]}',
    ) as JsonValue;
    expect(canonicalText(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,10000000000,4.5,0.002,1e-27],' +
        String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts members by UTF-16 code units, as RFC 8785 §3.2.3 shows', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalText(value)) as object)).toHaveLength(7);
    const order = [...canonicalText(value).matchAll(/:"([A-Z][a-z]+)/g)].map((match) => match[1]);
    expect(order).toEqual(['Carriage', 'One', 'Control', 'Latin', 'Euro', 'Emoji', 'Hebrew']);
  });

  it('writes minus zero as zero and keeps members named like JavaScript internals', () => {
    expect(canonicalText(-0)).toBe('0');
    expect(canonicalText(JSON.parse('{"toJSON":1,"__proto__":2}') as JsonValue)).toBe(
      '{"__proto__":2,"toJSON":1}',
    );
  });

  it.each<[string, unknown, string]>([
    ['infinity', Infinity, 'number-not-finite'],
    ['no number', Number.NaN, 'number-not-finite'],
    ['an integer beyond 2^53', 2 ** 53, 'integer-unsafe'],
    ['a huge integer', [1e21], 'integer-unsafe'],
    ['a lone surrogate', '\ud800', 'string-ill-formed'],
    ['a lone surrogate in a name', { '\udc00': 1 }, 'string-ill-formed'],
    ['undefined', undefined, 'type-unsupported'],
    ['an undefined member', { a: undefined }, 'type-unsupported'],
    // oxlint-disable-next-line no-sparse-arrays
    ['a hole in an array', [1, , 2], 'type-unsupported'],
    ['a bigint', 1n, 'type-unsupported'],
    ['a function', { toJSON: () => 1 }, 'type-unsupported'],
    ['a date', new Date(0), 'type-unsupported'],
    ['a map', new Map(), 'type-unsupported'],
    ['bytes', Uint8Array.of(1), 'type-unsupported'],
  ])('refuses %s', (_, value, code) => {
    expect(codeOf(value)).toBe(code);
  });

  it('refuses a value too deep to be walked', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as JsonValue;
    expect(codeOf(deep)).toBe('too-deep');
  });
});

describe('reading canonical JSON', () => {
  it('takes exactly what is written', () => {
    expect(parseCanonicalJson(bytes('{"a":[1,"é"],"b":null}'))).toEqual({ a: [1, 'é'], b: null });
    expect(parseCanonicalJson(bytes('null'))).toBeNull();
  });

  it.each([
    '{"a":1,"a":2}',
    '{"b":1,"a":2}',
    '{"a": 1}',
    '{"a":1}\n',
    '\ufeff{"a":1}',
    '"\\u00e9"',
    '-0',
    '1.0',
    '9007199254740993',
    '"\\ud800"',
    '{',
    '',
  ])('refuses %j', (text) => {
    expect(parseCanonicalJson(bytes(text))).toBeUndefined();
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(parseCanonicalJson(Uint8Array.of(0x22, 0xff, 0x22))).toBeUndefined();
  });
});
