import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { PostMortemFacts } from '#application/ports/post-mortem-template';
import { createTemplates } from '#postmortem/templates';
import { SAMPLES } from '#postmortem/sample-facts';
import { check } from '#test/support/property';

const templates = createTemplates();
const render = (source: string | null, facts: PostMortemFacts) => templates.render(source, facts);
const { rich, sparse } = SAMPLES;

const withCard = (card: Partial<PostMortemFacts['card']>): PostMortemFacts => ({
  ...rich,
  card: { ...rich.card, ...card },
});

describe('the built-in template', () => {
  it('tells the bypass, its receipt, who approved, what was deployed and what happened', async () => {
    const markdown = await render(null, rich);
    for (const words of [
      'Gate **image-policy** was in bypass for checkout in production, branch hotfix',
      '> Customers cannot pay.',
      'INC-4312, severity sev1.',
      'Ended 2026-11-22T02:47:00Z: revoked by R. Roe (The fix is out); looked at, the gate enforces',
      'Entry 1046 in the log, covered by checkpoint 1047',
      'R. Roe, 2026-11-22T01:47:00Z, for 1 h, attested (entry 1041)',
      'Denied before by R. Roe',
      '`run-7#1`: checkout in production, 2026-11-22T01:48:00Z, succeeded',
      '`run-8#1`: checkout in production, 2026-11-22T01:49:00Z, ended before it could be stopped',
      '(entry 1044); **provenance of another artifact** [https\\://ci.example/run-7.intoto.jsonl](https://ci.example/run-7.intoto.jsonl)\n',
      'facts verified (entry 1045)\n',
      '2026-11-22T01:47:00Z R. Roe approved',
      'What would have made this bypass unnecessary?',
      'J. Doe answers these by 2026-11-27.',
    ]) {
      expect(markdown).toContain(words);
    }
    expect(markdown).not.toContain('drill');
  });

  it('says what is missing when little is known, and marks a drill', async () => {
    const markdown = await render(null, sparse);
    for (const words of ['This was a drill', 'any branch, any artifact', 'None was named.']) {
      expect(markdown).toContain(words);
    }
    expect(markdown).toContain('Nothing was deployed under it.');
    expect(markdown).not.toMatch(/null|undefined|\[object/);
  });

  it('calls no gate closed that another bypass kept open', async () => {
    const markdown = await render(null, withCard({ openBesideUntil: rich.dueAt }));
    expect(markdown).toContain('nothing passes by this bypass; another kept the gate open');
    expect(markdown).not.toContain('enforces again');
  });

  it('says so when the gate was found open', async () => {
    const end = {
      how: 'expired',
      by: null,
      at: rich.dueAt,
      reason: null,
      enforces: false,
    } as const;
    expect(await render(null, withCard({ end }))).toContain(
      '**looked at, the gate did not enforce**',
    );
  });

  it('fits a message however much there is to tell, cut at a line, and says so', async () => {
    const timeline = Array.from({ length: 5_000 }, (_, at) => ({ at, what: `step ${at}` }));
    const markdown = await render(null, { ...rich, timeline });
    expect(markdown.length).toBeLessThanOrEqual(12_000);
    expect(markdown).toMatch(
      /step \d+\n\n\*Cut here: no more fits\. The audit log has everything\.\*$/,
    );
  });
});

describe('what people typed', () => {
  it('does nothing in a review, and is no template', async () => {
    const typed =
      '{{ receipt.root }} <!channel> <@U1> [x](https://evil.example)\n# Approved by all';
    const markdown = await render(
      '{{ bypass.justification }}|{{ incident }}',
      withCard({ justification: typed, incident: '{% include "x" %}' }),
    );
    expect(markdown).toBe(
      '{{ receipt.root }} &lt;!channel&gt; &lt;\\@U1&gt; \\[x\\](https\\://evil.example) \\# Approved by all|{% include "x" %}',
    );
  });

  it.each([
    '{{ bypass.justification }}',
    '{% echo bypass.justification %}',
    '{% cycle bypass.justification %}',
    '{{ bypass.justification | append: "" }}',
    '{{ bypass.justification | upcase | quote }}',
    '{{ bypass.justification | code }}',
    '{{ bypass.justification | split: " " }}',
    '{% capture x %}{{ bypass.justification }}{% endcapture %}{{ x }}',
    '{% capture x %}{{ bypass.justification }}{% endcapture %}{{ x | strip }}',
    '{% assign x = bypass.justification | quote %}{{ x }}',
    '{% for one in denials %}{{ one.reason }}{% endfor %}',
    '{% liquid\n echo bypass.justification %}',
  ])('mentions nobody and links nowhere through %s', async (source) => {
    await check(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            '<!channel>',
            '<@U1>',
            '[a](b)',
            ' ',
            '\n',
            '\n# ',
            '`',
            '\\',
            '://',
            'a',
          ),
        ),
        async (parts) => {
          const reason = parts.join('');
          const earlierDenials = rich.card.earlierDenials.map((one) => ({ ...one, reason }));
          const facts = withCard({ justification: reason, earlierDenials });
          const markdown = await render(source, facts);
          const live = markdown.replace(/\\[!-/:-@[-`{-~]/g, '');
          expect(live).not.toMatch(/<|\[|\]|:\/\/|^# /m);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is quoted line by line', async () => {
    const facts = withCard({ justification: 'one\r\n\n> two\n# three' });
    expect(await render('{{ bypass.justification | quote }}', facts)).toBe(
      '> one\n>\n> &gt; two\n> \\# three',
    );
  });

  it('is a code span only where it needs no escapes', async () => {
    const source = '{{ bypass.scope.branch | code }}';
    const scope = { ...rich.card.scope };
    expect(await render(source, withCard({ scope }))).toBe('`hotfix`');
    expect(await render(source, withCard({ scope: { ...scope, branch: 'a`<!here>' } }))).toBe(
      'a\\`&lt;!here&gt;',
    );
  });
});

describe('filters', () => {
  it.each([
    ['{{ due | time }}', '2026-11-27T01:47:00Z'],
    ['{{ due | time: "clock" }}', '01:47 UTC'],
    ['{{ due | time: "date" }}', '2026-11-27'],
    ['{{ bypass.ttl | duration }}', '1 h'],
    ['{{ 5400000 | duration }}', '1 h 30 min'],
    ['{{ 90061000 | duration }}', '1 d 1 h'],
    ['{{ 59999 | duration }}', '59 s'],
    ['{{ 0 | duration }}', '0 s'],
    ['{{ approvals | map: "name" | join: " and " }}', 'R. Roe and M. Moe'],
    ['{{ bypass.tiers }}', 'high'],
    ['{% capture x %}*a* {{ "*b*" }}{% endcapture %}{{ x }}', '*a* \\*b\\*'],
  ])('%s gives %s', async (source, text) => {
    expect(await render(source, rich)).toBe(text);
  });

  it('give nothing for what is not known', async () => {
    const source =
      '[{{ bypass.ttl | duration }}{{ bypass.ended_at | time }}{{ incident | quote }}]';
    expect(await render(source, sparse)).toBe('[]');
  });
});

describe('a template that fails', () => {
  it.each([
    ['does not parse', '{% if'],
    ['names what there is not', '{{ foo }}'],
    ['runs away', '{% for i in (1..100000000) %}{% endfor %}'],
    ['is too long', 'x'.repeat(40_000)],
  ])('because it %s gives the built-in one, which says so', async (_, source) => {
    const markdown = await render(source, rich);
    expect(markdown).toMatch(
      /^\*The template could not be used \(.+\)\. This is the built-in one\.\*\n\n## Summary/,
    );
    expect(markdown).toContain('What would have made this bypass unnecessary?');
  });

  it('is not one that only writes too much: that is cut', async () => {
    const markdown = await render('{% for i in (1..9000) %}line\n{% endfor %}', rich);
    expect(markdown).toMatch(/^line\n/);
    expect(markdown).toMatch(/line\n\n\*Cut here/);
  });

  it('is cut within one long line without half a character or escape', async () => {
    await check(
      fc.asyncProperty(
        fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
        async (unit) => {
          const facts = withCard({ justification: `x${unit}`.repeat(8_000) });
          const markdown = await render('{{ bypass.justification }}', facts);
          expect(markdown.length).toBeLessThanOrEqual(12_000);
          expect(markdown.isWellFormed()).toBe(true);
          expect(markdown).toMatch(/[^\\]\n\n\*Cut here/);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('leaves nothing behind for the next one', async () => {
    await render('{% assign bypass = "gone" %}{% assign left = 1 %}{{ left }}', rich);
    expect(await render('{{ bypass.gate }}', rich)).toBe('image-policy');
    expect(await render('{{ left }}', rich)).toContain('could not be used');
  });
});
