import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { escapeMarkdown, visibleText } from '#postmortem/escape-markdown';
import { check } from '#test/support/property';

/** What CommonMark shows of escapes and entities (§2.4, §2.5), by itself and by hand. */
function shownByCommonMark(markdown: string): string {
  return markdown
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Text made of what means something to markdown or Slack, more often than chance would have it. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'\\`*_~[]()<>#+-=|!@&.:;{}"\n\r\t 1\u2028\u202e\u0000'.split(''),
        '<!channel>',
        '<@U123>',
        '](http://evil.example)',
        'https://evil.example',
        'www.evil.example',
        '&lt;',
        '\\',
        '\n# ',
        '```',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

describe('escaped text', () => {
  it('shows what was typed, on one line', () => {
    check(
      fc.property(hostile, (text) => {
        const escaped = escapeMarkdown(text);
        expect(shownByCommonMark(escaped)).toBe(visibleText(text));
        expect(escaped).not.toMatch(/[\n\r\u2028\u2029\u0085]/);
      }),
    );
  });

  it('leaves nothing that markdown or Slack acts on', () => {
    check(
      fc.property(hostile, (text) => {
        const escaped = escapeMarkdown(text);
        // Pairs of a backslash and what it escapes are spent, from the left, as a parser does.
        const live = escaped.replace(/\\[!-/:-@[-`{-~]/g, '');
        expect(live).not.toMatch(/[\\`*_~[\]|#@<>]/);
        expect(live).not.toMatch(/&(?!amp;|lt;|gt;)/);
        expect(live).not.toMatch(/:\/\/|www\./i);
        expect(escaped).not.toMatch(/^(?:[-+=]|\d*[.)])/);
      }),
    );
  });

  it('stays harmless beside other escaped text', () => {
    check(
      fc.property(hostile, hostile, (one, other) => {
        const line = escapeMarkdown(one) + escapeMarkdown(other);
        expect(shownByCommonMark(line)).toBe(visibleText(one) + visibleText(other));
        expect(line).not.toMatch(/^(?:[-+=]|\d+[.)]) /);
        expect(line).not.toMatch(/<|>/);
      }),
    );
  });
});

it.each([
  ['<!channel> <@U1>', '&lt;!channel&gt; &lt;\\@U1&gt;'],
  ['[click](https://evil.example)', '\\[click\\](https\\://evil.example)'],
  ['# heading', '\\# heading'],
  ['1. one', '1\\. one'],
  ['- item', '\\- item'],
  ['a\n\n# b', 'a \\# b'],
  ['www.evil.example', 'www\\.evil.example'],
  ['_www.evil.example', '\\_www\\.evil.example'],
  ['2026-11-22T02:47:13.000Z', '2026-11-22T02:47:13.000Z'],
  ['R. Roe (on-call)', 'R. Roe (on-call)'],
  ['abc\u202etxt.exe\u0000', 'abctxt.exe'],
  ['', ''],
])('%j becomes %j', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});
