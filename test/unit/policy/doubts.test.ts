import { describe, expect, it } from 'vitest';
import { policyVersion } from '#application/policy/apply-policy';
import { doubts } from '#application/policy/doubts';
import { sourceKey } from '#application/policy/explain/group-people';
import { SAMPLE, compiled, parse, sampleWith } from './sample.ts';

function warned(text: string): readonly string[] {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.mistakes, null, 2));
  return parsed.warnings.map(({ line, path, message }) => `${line} ${path}: ${message}`);
}

/** A tier between the two of the sample. */
const WITH_MIDDLE = sampleWith(
  '  high:\n',
  '  middle:\n    require: [{ from: release, count: 1 }]\n    ttl: { offer: [15m], max: 15m }\n  high:\n',
);

describe('what can be meant so, and seldom is', () => {
  it('is a tier that no rule gives', () => {
    expect(warned(WITH_MIDDLE)).toEqual([
      '16 tiers.middle: no rule gives this tier, and it is not the default',
    ]);
    const given = WITH_MIDDLE.replace('default: low', 'default: middle');
    expect(warned(given)).toEqual([
      '13 tiers.low: no rule gives this tier, and it is not the default',
    ]);
  });

  it('is no tier that an overdue review gives', () => {
    const raising = `${WITH_MIDDLE}post_mortem: { overdue: { after: 3d, action: raise } }\n`;
    expect(warned(raising)).toEqual([]);
  });

  it('is a rule that no service fits', () => {
    const text = sampleWith(
      'rules:',
      'rules:\n  - { when: { label: web, environment: dr }, tier: high }',
    ).replace('gates:', '  cache: { environments: [dr] }\ngates:');
    expect(warned(text)).toEqual([
      expect.stringMatching(/ rules\[0\]\.when: no service has all that this rule names/),
    ]);
  });

  it('is a tier that cannot open for some of those who may ask', () => {
    const own = sampleWith('requesters: [engineers]', 'requesters: [release]');
    expect(warned(own)).toEqual([]);
    expect(warned(own.replace('[U11, U12, U13]', '[U11, U12]'))).toEqual([
      expect.stringMatching(/ tiers\.high\.require: it could never open if `U11` or `U12` asks/),
    ]);
  });

  it('counts one person with several accounts once', () => {
    const own = sampleWith('requesters: [engineers]', 'requesters: [release]').replace(
      'groups:',
      'people:\n  - { id: ada, slack: [U11, U12] }\ngroups:',
    );
    expect(warned(own)).toEqual([expect.stringMatching(/if `ada` or `U13` asks/)]);
  });

  it('judges members that were looked up', () => {
    const source = { kind: 'slack-usergroup', team: 'T01', usergroup: 'S01ENG' } as const;
    const version = policyVersion(compiled(SAMPLE), null, 'T01');
    const members = (...users: string[]) =>
      new Map([[sourceKey(source), users.map((user) => ({ team: 'T01', user }))]]);
    expect(doubts(version)).toEqual([]);
    expect(doubts(version, members('U50', 'U51'))).toEqual([]);
    expect(doubts(version, members('U50'))).toMatchObject([
      { path: ['tiers', 'low', 'require'], message: expect.stringContaining('`U50`') },
    ]);
  });
});
