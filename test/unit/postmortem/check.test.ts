import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TEMPLATE } from '#postmortem/default-template';
import { createTemplates } from '#postmortem/templates';

const templates = createTemplates();
const check = (source: string) => templates.check(source);

describe('a good template', () => {
  it('is the built-in one', () => {
    expect(check(DEFAULT_TEMPLATE)).toEqual([]);
  });

  it('is the example', async () => {
    const example = await readFile(
      new URL('../../../examples/post-mortem.md.liquid', import.meta.url),
      'utf8',
    );
    expect(check(example)).toEqual([]);
  });

  it.each([
    '{{ bypass.gate }} {{ bypass.scope.branch | default: "any" }} {{ bypass.tiers.size }}',
    '{{ approvals | map: "name" | join: ", " }}',
    '{% if approvals.size > 0 %}{{ approvals.first.name }}{% endif %}',
    '{% for one in deploys %}{{ forloop.index }} {{ one["id"] }}{% else %}none{% endfor %}',
    '{% capture who %}*{{ requester.name }}*{% endcapture %}{{ who }}',
    '{% liquid\n assign x = due | time: "clock"\n echo x %}',
    '{% raw %}{{ not.a.name }}{% endraw %}{% comment %}{{ nor.this }}{% endcomment %}',
    '{% case end.how %}{% when "expired" %}a{% else %}b{% endcase %}{% cycle "a", "b" %}',
    '',
  ])('is %j', (source) => {
    expect(check(source)).toEqual([]);
  });
});

describe('a mistake is named with its line', () => {
  it.each([
    ['a misspelt member', '\n\n{{ requester.nmae }}', 'line 3: there is no "requester.nmae"'],
    ['a name that there is not', '\n{{ reqester }}', 'line 2: there is no "reqester"'],
    [
      'a misspelling where no sample leads',
      '{% if drill and evaluation and incident %}\n{{ due_at }}{% endif %}',
      'line 2: there is no "due_at"',
    ],
    [
      'a misspelling in a loop',
      '{% for one in approvals %}\n{{ one.nmae }}{% endfor %}',
      'line 2: undefined variable: one.nmae',
    ],
    ['a misspelling in a condition', '{% if incidnt %}x{% endif %}', 'there is no "incidnt"'],
    ['a member of a list', '{{ approvals.name }}', 'is a list'],
    ['a misspelt member to map', '\n{{ approvals | map: "nmae" }}', 'line 2: `map`: there is no'],
    [
      'the first of a list that can be empty',
      '{{ approvals.first.name }}',
      'where nothing optional is known',
    ],
    ['an object instead of a text', '\n{{ bypass.scope }}', 'line 2: name one of its members'],
    ['a filter that there is not', '\n{{ due | tiem }}', 'line 2: undefined filter: tiem'],
    ['a tag that there is not', '\n{% fi %}', 'line 2: tag "fi" not found'],
    ['a filter for something else', '{{ due | duration }}', 'line 1: `duration` needs'],
    ['a form that there is not', '{{ due | time: "%H" }}', 'line 1: `time` takes'],
    ['something left open', 'x\n{% if drill %}', 'line 2: tag {% if drill %} not closed'],
    ['a bracket left open', 'x\n{{ drill', 'line 2: output "{{ drill" not closed'],
  ])('%s', (_, source, words) => {
    expect(check(source)).toEqual(expect.arrayContaining([expect.stringContaining(words)]));
  });

  it('and others are found with it', () => {
    expect(check('{{ foo }}\n{{ bar }}')).toHaveLength(2);
  });
});

describe('a hostile template is refused', () => {
  it.each([
    ['a huge range', '\n{% for i in (1..1000000000) %}x{% endfor %}'],
    [
      'a loop without an end in sight',
      '\n{% for a in (1..900) %}{% for b in (1..900) %}{% for c in (1..9) %}{% endfor %}{% endfor %}{% endfor %}',
    ],
    ['a huge output', '\n{% for i in (1..9000) %}xxxxxxxxxxxxxxxxxxxx{% endfor %}'],
    [
      'a huge output that is kept in a name',
      '\n{% capture x %}{% for i in (1..9000) %}xxxxxxxxxxxxxxxxxxxx{% endfor %}{% endcapture %}',
    ],
    [
      'a text that doubles itself',
      '{% assign x = "x" %}\n{% for i in (1..60) %}{% assign x = x | append: x %}{% endfor %}',
    ],
    ['a prototype', '\n{{ bypass.__proto__ }}'],
    ['a prototype by its name in brackets', '\n{{ bypass["__proto__"]["constructor"] }}'],
    ['a constructor', '\n{{ bypass.gate.constructor }}'],
    ['a constructor in a loop', '\n{% for a in approvals %}{{ a.constructor }}{% endfor %}'],
    ['a constructor through map', '\n{{ approvals | map: "constructor" }}'],
    ['a constructor by a computed name', '\n{% assign k = "constructor" %}{{ bypass[k] }}'],
    ['a prototype that is a filter', '\n{{ bypass.gate | constructor }}'],
    ['a prototype that is a tag', '\n{% constructor %}'],
    ['a file', '\n{% include "/etc/passwd" %}'],
    ['a file to render', '\n{% render "/etc/passwd" %}'],
    ['a file around it', '\n{% layout "/etc/passwd" %}'],
    ['a value without its escapes', '\n{{ bypass.gate | raw }}'],
  ])('%s', (_, source) => {
    const mistakes = check(source);
    expect(mistakes.length).toBeGreaterThan(0);
    expect(mistakes[0]).toMatch(/^line 2: ./);
  });

  it('one that is nested past the stack, or too long', () => {
    expect(check('{% if true %}'.repeat(2_400))).not.toEqual([]);
    expect(check('x'.repeat(32_001))).toEqual([expect.stringContaining('32000 fit')]);
  });

  it('one that fills a message by itself', () => {
    expect(check('x'.repeat(12_001))).toEqual([expect.stringContaining('12000 fit')]);
  });
});
