import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { escapeMarkdown } from '#postmortem/escape-markdown';
import { link } from '#postmortem/link';
import { check } from '#test/support/property';

describe('a link', () => {
  it('shows where it leads', () => {
    expect(link('https://ci.example/7.intoto.jsonl')).toBe(
      '[https\\://ci.example/7.intoto.jsonl](https://ci.example/7.intoto.jsonl)',
    );
    expect(link('http://ci.example/?a=1&b=2')).toBe(
      '[http\\://ci.example/?a=1&amp;b=2](http://ci.example/?a=1&amp;b=2)',
    );
    expect(link(null)).toBe('');
  });

  it.each([
    'javascript:alert(1)',
    'oci://registry.example/checkout@sha256:abcd',
    'data:text/html,x',
    'https://slack.com@evil.example/',
    'https://:secret@evil.example/',
    `https://ci.example/${'x'.repeat(500)}`,
    'no address',
  ])('is none to %s', (typed) => {
    expect(link(typed)).toBe(escapeMarkdown(typed));
  });

  it('ends where its address ends, whatever stands in it', () => {
    const tail = fc
      .array(fc.constantFrom(...'()[]<>`*_|!&;"\'\\\n \t#?@:/%a1é'.split('')), { maxLength: 30 })
      .map((parts) => parts.join(''));
    check(
      fc.property(tail, (rest) => {
        const markdown = link(`https://ci.example/${rest}`);
        if (!markdown.startsWith('[')) return;
        const [, target = ''] = /\]\(([^()]*)\)$/.exec(markdown) ?? [];
        expect(target).toMatch(/^https:\/\/ci\.example\/[^\s()<>[\]\\`|]*$/);
        const shown = markdown.slice(1, -target.length - 3);
        expect(shown).toBe(escapeMarkdown(new URL(`https://ci.example/${rest}`).href));
      }),
    );
  });
});
