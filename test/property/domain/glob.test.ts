import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches } from '#domain/policy/evaluate-policy';
import { globByRegExp } from '#test/support/domain/model/reference-policy';
import { settings } from '#test/support/property';

/** Few letters, so that patterns and texts meet; now and then one special to regular expressions. */
const letter = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b') },
  { weight: 1, arbitrary: fc.constantFrom('/', '.', '\n', '$', '(') },
);
const text = fc.string({ unit: letter, maxLength: 8 });
const pattern = fc.string({
  unit: fc.oneof({ weight: 2, arbitrary: letter }, { weight: 1, arbitrary: fc.constant('*') }),
  maxLength: 8,
});

/** A pattern made from the text itself, so that half of them match. */
const cutFrom = text.chain((of) =>
  fc.array(fc.nat({ max: of.length }), { maxLength: 6 }).map(
    (cuts) =>
      [
        of,
        starred(
          of,
          cuts.toSorted((a, b) => a - b),
        ),
      ] as const,
  ),
);

function starred(of: string, cuts: readonly number[]): string {
  let pattern = '';
  let from = 0;
  for (let index = 0; index + 1 < cuts.length; index += 2) {
    pattern += `${of.slice(from, cuts[index])}*`;
    from = cuts[index + 1] ?? from;
  }
  return pattern + of.slice(from);
}

describe('a branch pattern', () => {
  it('matches what the same pattern matches as a regular expression', () => {
    fc.assert(
      fc.property(pattern, text, (glob, branch) => {
        expect(globMatches(glob, branch)).toBe(globByRegExp(glob).test(branch));
      }),
      settings({ numRuns: 5000 }),
    );
  });

  it('matches a text from which parts were cut and starred', () => {
    fc.assert(
      fc.property(cutFrom, ([branch, glob]) => {
        expect(globMatches(glob, branch)).toBe(true);
      }),
      settings({ numRuns: 1000 }),
    );
  });
});
