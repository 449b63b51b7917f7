import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownStatements } from '#ledger/known-statement';
import { readStatement } from '#ledger/read-statement';
import { attempt, historyOf } from '#test/support/replay/random-history';
import { settings } from '#test/support/property';

const attempts = fc.array(attempt, { minLength: 20, maxLength: 40 });
const [first = [], ...others] = fc.sample(attempts, { seed: 7, numRuns: 4 });
const statements = [first, ...others].flatMap((one) =>
  historyOf(one).entries.map((entry) => entry.statement),
);

/** A reader that has read the log so far as any reader has. */
function reader(): KnownStatements {
  const known = new KnownStatements();
  const read = readStatement(statements[0] ?? new Uint8Array());
  if (read.ok) known.know(read.value);
  return known;
}
const known = reader();

/** Whether it was read in its parts; if so, it is what it is as JSON. */
function holds(bytes: Uint8Array): boolean {
  const quick = known.read(bytes);
  if (quick === undefined) return false;
  expect({ ok: true, value: quick }).toEqual(readStatement(bytes));
  return true;
}

const edit = fc.record({
  at: fc.nat(),
  cut: fc.nat(3),
  put: fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.constantFrom('"', '\\', '\\u0041', '{}', '[]', ' ', ',', '0', '\u2028', 'Ł', '\ud800'),
    fc.constantFrom(',"followsFrom":[]', ',"at":1', '"a":"b",', '"__proto__":{},', '-0', '1e0'),
  ),
});

describe('a statement that is read in its parts', () => {
  it('says what it says as JSON, and most are read so', () => {
    const read = statements.filter(holds).length;
    expect(read).toBeGreaterThan(statements.length / 2);
  });

  it('says what it says as JSON, or nothing, however it was edited', () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...statements), edits, (bytes, all) => {
        let text = Buffer.from(bytes).toString('utf8');
        for (const { at, cut, put } of all) {
          const place = at % (text.length + 1);
          text = `${text.slice(0, place)}${put}${text.slice(place + cut)}`;
        }
        holds(Buffer.from(text));
      }),
      settings({ numRuns: 3_000 }),
    );
  });

  it('has nothing around its parts but what belongs there', () => {
    const digest = `"sha256:${'ab'.repeat(32)}"`;
    // At each place where one part ends and another begins, what JSON would take and what it would not.
    const puts = [
      ',',
      ' ',
      '{}',
      ',{}',
      ',null',
      `,${digest}`,
      digest,
      `${digest},`,
      ']',
      '}',
      '"',
    ];
    for (const bytes of statements.slice(0, 80)) {
      const text = Buffer.from(bytes).toString('utf8');
      for (const { index } of text.matchAll(/[\][{},]/g))
        for (const put of puts)
          for (const at of [index, index + 1])
            holds(Buffer.from(`${text.slice(0, at)}${put}${text.slice(at)}`));
    }
  });

  it('is of ASCII, without an escape that hides a text', () => {
    let taken = 0;
    for (const bytes of statements.slice(0, 80)) {
      const text = Buffer.from(bytes).toString('utf8');
      for (const { index } of text.matchAll(/":"/g))
        for (const put of ['Ł', '\u2028', '\\u0041', '\\ud800', '\\n', '\u0001', 'A']) {
          const at = index + 3;
          if (holds(Buffer.from(`${text.slice(0, at)}${put}${text.slice(at)}`))) taken += 1;
        }
    }
    // There are free texts in them, which take a letter.
    expect(taken).toBeGreaterThan(0);
  });

  it('is of the log that is known alone', () => {
    const text = Buffer.from(statements.at(-1) ?? []).toString('utf8');
    expect(holds(Buffer.from(text))).toBe(true);
    const { predicate } = JSON.parse(text) as { predicate: { tenant: string } };
    const other = predicate.tenant.replace(/.$/u, (last) => (last === '0' ? '1' : '0'));
    expect(known.read(Buffer.from(text.replaceAll(predicate.tenant, other)))).toBe(undefined);
  });
});
