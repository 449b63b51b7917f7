import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { settings } from '#test/support/property';
import { SAMPLE, parse } from './sample.ts';

const word = fc.constantFrom(
  ...(SAMPLE.match(/[\w./-]+/g) ?? []),
  '__proto__',
  'constructor',
  'toString',
  'people',
  'slack',
  'escalate',
  'replaces',
  'post_mortem',
  'remind',
  'pagerduty_schedule',
);
const { value: structure } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    word,
    fc.constantFrom(null, true, 0, 1, 2, -1, 1.5, 1e308),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(word, tie('value'), { maxKeys: 6 }),
  ),
}));
const piece = fc.oneof(
  word,
  fc.constantFrom(
    '\n',
    '\n  ',
    '\n    ',
    ': ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '&a ',
    '*a',
    '!!',
    '|',
    '>',
    '"',
    "'",
    '#',
    '? ',
    '---\n',
    '%',
    '\t',
    '\r',
    '\0',
    '<<: ',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

/** A result that can be shown: every mistake stands in the text and says what to do. */
function isWellFormed(text: string): boolean {
  const result = parse(text);
  if (result.ok) return true;
  const lines = text.split(/\n/).length;
  return (
    result.mistakes.length > 0 &&
    result.mistakes.every(
      (one) =>
        one.line >= 1 &&
        one.line <= lines &&
        one.column >= 1 &&
        one.message !== '' &&
        /^[A-Z][^]*[.?]$/.test(one.remedy),
    )
  );
}

describe('parsing never throws and always says where and what', () => {
  it('on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), isWellFormed), settings());
  });

  it('on text made of pieces of YAML', () => {
    const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
    fc.assert(fc.property(text, isWellFormed), settings({ numRuns: 2000 }));
  });

  it('on any structure', () => {
    const text = structure.map((value) => stringify(value, { aliasDuplicateObjects: false }));
    fc.assert(fc.property(text, isWellFormed), settings({ numRuns: 1000 }));
  });

  it('on the sample with any structure in place of a section', () => {
    const sections = SAMPLE.split(/^(?=\S)/m);
    const index = fc.nat(sections.length - 1);
    const text = fc.tuple(index, structure).map(([at, value]) => {
      const key = sections[at]?.split(':')[0] ?? '';
      const changed = stringify({ [key]: value }, { aliasDuplicateObjects: false });
      return sections.with(at, changed).join('');
    });
    fc.assert(fc.property(text, isWellFormed), settings({ numRuns: 1000 }));
  });

  it('on the sample with a piece cut out', () => {
    const cut = fc.tuple(fc.nat(SAMPLE.length), fc.nat(30));
    const text = cut.map(([from, length]) => SAMPLE.slice(0, from) + SAMPLE.slice(from + length));
    fc.assert(
      fc.property(text, (each) => {
        expect(isWellFormed(each)).toBe(true);
      }),
      settings({ numRuns: 500 }),
    );
  });
});
