import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settings } from '#test/support/property';
import { SAMPLE, compiled, sampleWith } from './sample.ts';

const sections = SAMPLE.split(/^(?=\S)/m);

describe('the digest of a policy', () => {
  it('is the same in whatever order keys stand', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(sections, { minLength: sections.length }), (shuffled) => {
        expect(compiled(shuffled.join('')).digest).toBe(compiled(SAMPLE).digest);
      }),
      settings({ numRuns: 30 }),
    );
    const [one, two] = SAMPLE.match(/^ {2}(?:engineers|release): .*\n/gm) ?? [];
    const swapped = SAMPLE.replace(`${one}${two}`, `${two}${one}`);
    expect(swapped).not.toBe(SAMPLE);
    expect(compiled(swapped).digest).toBe(compiled(SAMPLE).digest);
  });

  it('is the same with other comments and spelling, while the document differs', () => {
    const spelled = `# ours\n${sampleWith('max: 4h }', 'max: 240m } # as agreed')}`;
    expect(compiled(spelled).digest).toBe(compiled(SAMPLE).digest);
    expect(compiled(spelled).documentDigest).not.toBe(compiled(SAMPLE).documentDigest);
  });

  it('is the same for other members of a group, which are looked up when they act', () => {
    const other = sampleWith('[U11, U12, U13]', '[U21, U22]');
    expect(compiled(other).digest).toBe(compiled(SAMPLE).digest);
    expect(compiled(other).groups).not.toEqual(compiled(SAMPLE).groups);
  });

  it.each([
    ['count: 2', 'count: 3'],
    ['max: 4h', 'max: 3h'],
    ['tier: high', 'tier: low'],
    ['labels: [web]', 'labels: []'],
    ['requesters: [engineers]', 'requesters: [engineers, U1]'],
    ['admins: [U99]', 'admins: []'],
    ['kind: http', 'kind: http, verified_facts: true'],
    ['default: low', 'default: high'],
  ])('changes when `%s` becomes `%s`', (part, instead) => {
    expect(compiled(sampleWith(part, instead)).digest).not.toBe(compiled(SAMPLE).digest);
  });

  it('changes with the order of tiers, which is their strictness', () => {
    const [low, high] = SAMPLE.match(/^ {2}(?:low|high):\n(?: {4}.*\n)+/gm) ?? [];
    const swapped = SAMPLE.replace(`${low}${high}`, `${high}${low}`);
    expect(compiled(swapped).policy.tiers.map((tier) => tier.name)).toEqual(['high', 'low']);
    expect(compiled(swapped).digest).not.toBe(compiled(SAMPLE).digest);
  });
});
