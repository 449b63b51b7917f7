import { describe, expect, it } from 'vitest';
import { SAMPLE, compiled, mistakesIn, sampleWith } from './sample.ts';

/** `line:column path: message`, without the remedy. */
const said = (text: string): readonly string[] =>
  mistakesIn(text).map((one) => one.split(' → ')[0] ?? '');

describe('YAML that could be read as something else', () => {
  it('refuses aliases before anything expands', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const laughs = names.map((one, index) => {
      const before = names[index - 1];
      const item = before === undefined ? 'lol' : `*${before}`;
      return `${one}: &${one} [${Array.from({ length: 9 }, () => item).join(', ')}]\n`;
    });
    const found = said(`${laughs.join('')}${SAMPLE}`);
    expect(found).toContain('1:7 a: an anchor (`&`) stands here');
    expect(found).toContain('2:8 b[0]: an alias (`*`) stands here');
    expect(found).toHaveLength(8 + 7 * 9);
  });

  it('refuses an alias to itself', () => {
    expect(said(sampleWith('[engineers]', '&a [*a]'))).toEqual([
      '10:16 requesters: an anchor (`&`) stands here',
      '10:17 requesters[0]: an alias (`*`) stands here',
    ]);
  });

  it('refuses merge keys as keys it does not know', () => {
    expect(said(sampleWith('kind: http', '<<: { kind: http }, kind: http'))).toEqual([
      '6:19 gates.image-policy."<<": unknown key "<<"',
    ]);
  });

  it.each([
    ['!!str 1', '2:9 tenant: a YAML tag (`!`) stands here'],
    ['!!js/function "x"', '2:9 tenant: a YAML tag (`!`) stands here'],
    ['!acme x', '2:9 tenant: a YAML tag (`!`) stands here'],
  ])('refuses the tag in %s', (value, mistake) => {
    const at = (text: string): string => text.replace(/^2:\d+/, '2:9');
    expect(said(sampleWith('tenant: acme', `tenant: ${value}`)).map(at)).toContain(mistake);
  });

  it('refuses a key written twice, at the second one', () => {
    expect(said(`${SAMPLE}default: high\n`)).toEqual(['22:1 default: "default" is written twice']);
    expect(said(sampleWith('count: 2', 'count: 2, count: 1'))).toEqual([
      '17:42 tiers.high.require[0].count: "count" is written twice',
    ]);
  });

  it('refuses `__proto__` and takes `constructor` for the name it is', () => {
    expect(
      said(sampleWith('  checkout:', '  __proto__: { environments: [x] }\n  checkout:')),
    ).toEqual(['4:3 services.__proto__: `__proto__` is no name']);
    const { policy } = compiled(sampleWith('  checkout:', '  constructor:'));
    expect(Object.keys(policy.services)).toEqual(['constructor']);
    expect(policy.services['constructor']?.owner).toBe('release');
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('refuses keys that are no text', () => {
    expect(said(sampleWith('  checkout:', '  [a, b]: x\n  checkout:'))).toEqual([
      expect.stringMatching(/^4:\d : not YAML: /),
    ]);
    expect(said(sampleWith('  checkout:', '  ? { a: b }\n  : x\n  checkout:'))).toEqual([
      expect.stringMatching(/^4:\d : not YAML: /),
    ]);
  });

  it('reads keys of digits as names, and keeps tiers in the order written', () => {
    const { policy } = compiled(
      SAMPLE.replaceAll(/\bhigh\b/g, '1').replaceAll(/tier: 1/g, 'tier: "1"'),
    );
    expect(policy.tiers.map((tier) => tier.name)).toEqual(['low', '1']);
  });

  it('refuses a directive, which could ask for YAML 1.1', () => {
    expect(said(`%YAML 1.1\n---\n${SAMPLE}`)).toEqual(['1:1 : a YAML directive stands here']);
  });

  it('refuses a second document', () => {
    expect(said(`${SAMPLE}---\n${SAMPLE}`)).toEqual([
      expect.stringMatching(/^2[23]:\d+ : a second document starts here$/),
    ]);
  });

  it('reads `no` and `off` as words', () => {
    expect(said(sampleWith('kind: http', 'kind: http, verified_facts: off'))).toEqual([
      '6:47 gates.image-policy.verified_facts: "off" cannot stand here',
    ]);
  });
});

describe('characters that a reviewer cannot see', () => {
  it.each([
    ['NUL', '\0', 'U+0000'],
    ['escape', '\u001b', 'U+001B'],
    ['zero-width space', '\u200b', 'U+200B'],
    ['right-to-left override', '\u202e', 'U+202E'],
    ['byte order mark inside', '\ufeff', 'U+FEFF'],
    ['lone surrogate', '\ud800', 'U+D800'],
  ])('are refused in the text: %s', (_, character, name) => {
    expect(said(sampleWith('tenant: acme', `tenant: ac${character}me`))).toEqual([
      `2:11 : an invisible character (${name}) stands here`,
    ]);
  });

  it.each([
    [String.raw`"\0"`, 'U+0000'],
    [String.raw`"\e[2J"`, 'U+001B'],
    [String.raw`"\uD800"`, 'U+D800'],
    [String.raw`"\u202Eten"`, 'U+202E'],
  ])('are refused as the escape %s', (escape, name) => {
    expect(said(sampleWith('kind: http', `kind: http, description: ${escape}`))).toEqual([
      `6:44 gates.image-policy.description: holds an invisible character (${name})`,
    ]);
  });

  it('are not shown raw in a key that is refused', () => {
    expect(said(`${SAMPLE}"a\\e[2Jb": 1\n`)).toEqual([
      String.raw`22:1 "a\u001b[2Jb": unknown key "a\u001b[2Jb"`,
    ]);
  });
});

describe('the bytes of an editor', () => {
  it('may be CRLF, with the same lines and columns', () => {
    const text = sampleWith('default: low', 'default: lov');
    expect(mistakesIn(text.replaceAll('\n', '\r\n'))).toEqual(mistakesIn(text));
    expect(compiled(SAMPLE.replaceAll('\n', '\r\n')).policy).toEqual(compiled(SAMPLE).policy);
  });

  it('may start with a byte order mark', () => {
    expect(compiled(`\ufeff${SAMPLE}`).policy).toEqual(compiled(SAMPLE).policy);
    expect(said(`\ufeff${SAMPLE.replace('version: 1', 'version: 3')}`)).toEqual([
      '1:10 version: "3" cannot stand here',
    ]);
  });

  it('may not indent by tabs', () => {
    const text = sampleWith('  checkout:', '\tcheckout:');
    expect(mistakesIn(text)).toContainEqual(
      expect.stringMatching(/^4:1 : not YAML: .*ab.* → Indent with spaces\.$/),
    );
  });
});

describe('sizes', () => {
  it.each([
    ['brackets', '['.repeat(200_000)],
    ['mappings', '{a: '.repeat(50_000)],
    ['dashes', '- '.repeat(100_000)],
    ['question marks', '? '.repeat(100_000)],
  ])('refuses deep nesting without deep recursion: %s', (_, text) => {
    expect(said(text)).toEqual(['1:1 : nests deeper than 32 levels']);
  });

  it('refuses a text that is too long', () => {
    expect(said(`${SAMPLE}#${'x'.repeat(256 * 1024)}`)).toEqual([
      '1:1 : longer than 262144 characters',
    ]);
  });

  it('compares thousands of wrong names with thousands of known ones', () => {
    const services = Array.from(
      { length: 2000 },
      (_, index) => `  service-${index}: { environments: [e] }\n`,
    );
    const rules = Array.from(
      { length: 2000 },
      (_, index) => `  - { when: { service: serfice-x${index} }, tier: low }\n`,
    );
    const text = sampleWith('services:\n', `services:\n${services.join('')}`);
    expect(said(text.replace('rules:\n', `rules:\n${rules.join('')}`))).toHaveLength(2000);
  });

  it('reads as many services as fit', () => {
    const services = Array.from(
      { length: 4000 },
      (_, index) => `  s${index}: { environments: [e] }\n`,
    );
    const text = sampleWith('services:\n', `services:\n${services.join('')}`);
    expect(Object.keys(compiled(text).policy.services)).toHaveLength(4001);
  });

  it.each(['9'.repeat(400), '1e400', '.inf', '-.inf', '.nan', '0x7fffffffffffffff', '2.5', '-1'])(
    'refuses the number %s',
    (number) => {
      expect(said(sampleWith('count: 2', `count: ${number}`))).toEqual([
        expect.stringMatching(/^17:39 tiers\.high\.require\[0\]\.count: .* cannot stand here$/),
      ]);
    },
  );
});

describe('text that is no mapping', () => {
  it.each([
    ['', '1:1 : is empty'],
    ['# nothing\n', '1:1 : is empty'],
    ['acme', '1:1 : "acme" cannot stand here'],
    ['[1, 2]', '1:1 : a list stands here'],
  ])('%j is refused', (text, mistake) => {
    expect(said(text)).toEqual([mistake]);
  });
});
