import { describe, expect, it } from 'vitest';
import { policyVersion } from '#application/policy/apply-policy';
import { explainRequest, type RequestQuestion } from '#application/policy/explain/explain-request';
import { sourceKey } from '#application/policy/explain/group-people';
import { explainedWords } from '#cli/policy/explained-words';
import { SAMPLE, compiled, sampleWith } from './sample.ts';

const question = (has: Partial<RequestQuestion> = {}): RequestQuestion => ({
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  branch: null,
  severity: null,
  requester: null,
  ...has,
});

const versionOf = (text: string) => policyVersion(compiled(text), null, 'T01');

function told(text: string, has: Partial<RequestQuestion> = {}, names = new Map<string, string>()) {
  const version = versionOf(text);
  const asked = question(has);
  return explainedWords(explainRequest(version, asked), asked, version.content, names);
}

const ESCALATING = sampleWith(
  'ttl: { offer: [15m, 1h], max: 1h }',
  'ttl: { offer: [15m, 1h], max: 1h }\n    escalate: [{ after: 5m, add: [engineers] }]',
);
const RULES = sampleWith(
  '- { when: { environment: production }, tier: high }',
  `- { when: { environment: production }, tier: high }
  - { when: { severity: sev1 }, tier: high }
  - { when: { label: web, branch: release/* }, tier: low }`,
);

describe('an explanation of a request', () => {
  it('is read by a person at a terminal', () => {
    const words = told(ESCALATING, { requester: { team: 'T01', user: 'U11' } });
    expect(words).toBe(`A request to bypass image-policy for checkout in production, any branch:

  yes  rules[0] environment: production → high

Tier        high
Asks        2 of release: U12, U13
No answer   after 5m also engineers: the members of the Slack user group S01ENG
            (to stand in for release)
TTL         15m or 1h, at most 8h with extensions
Lapses      after 1h without a decision
Approval    attested where Sigstore answers (preferred)
At close    deploys in flight are held
`);
  });

  it('says of each rule why it does not match, or only adds', () => {
    const words = told(RULES, { environment: 'staging', branch: 'main', severity: 'sev1' });
    expect(words).toContain(
      'no   rules[0] environment: production → high: the environment is staging',
    );
    expect(words).toContain('adds rules[1] severity: sev1 → high (anybody can claim a severity');
    expect(words).toContain(
      'no   rules[2] label: web, branch: release/* → low: the branch is main',
    );
    expect(words).toContain('the default, because no rule applies for certain → low');
    expect(words).toContain('Tier        low + high');
  });

  it('says what the policy does not know', () => {
    const words = told(SAMPLE, { service: 'blog', gate: 'canary' });
    expect(words).toContain('the policy has no service blog: the strictest tier is added.');
    expect(words).toContain('the policy has no gate canary: the strictest tier is added.');
  });

  it('explains each of several gates, and the rules on all of them', () => {
    const several = sampleWith(
      'image-policy: { kind: http }',
      'image-policy: { kind: http }\n  window: { kind: http }\n  both: { kind: all, gates: [image-policy, window] }',
    ).replace('rules:', 'rules:\n  - { when: { gate: both }, tier: high }');
    const explained = explainRequest(versionOf(several), question({ gate: 'both' }));
    expect(explained.gates.map(({ gate }) => gate)).toEqual(['image-policy', 'window', 'both']);
    expect(explained.gates.at(-1)?.rules).toMatchObject([{ index: 0, outcome: 'applies' }]);
    expect(told(several, { gate: 'both' })).toContain(
      'window:\n  yes  rules[1] environment: production → high\n  no   1 rule of other gates',
    );
  });

  it('names people as Slack does, where it was asked', () => {
    const names = new Map([['T01/U12', 'Grace Hopper']]);
    expect(told(SAMPLE, {}, names)).toContain('2 of release: U11, Grace Hopper (U12), U13');
  });

  it('says that a request is refused, or could never open', () => {
    const closed = sampleWith('requesters: [engineers]', 'requesters: [release]');
    expect(told(closed, { requester: { team: 'T01', user: 'U99' } })).toContain(
      'U99 is not among the requesters: the request is refused.',
    );
    const few = closed.replace('[U11, U12, U13]', '[U11, U12]');
    expect(told(few, { requester: { team: 'T01', user: 'U11' } })).toContain(
      'It could never open: besides the requester, too few distinct people can approve.',
    );
  });

  it('counts whom a look-up gave', () => {
    const source = { kind: 'slack-usergroup', team: 'T01', usergroup: 'S01ENG' } as const;
    const lookedUp = new Map([[sourceKey(source), [{ team: 'T01', user: 'U50' }]]]);
    const asked = question({ environment: 'staging', requester: { team: 'T01', user: 'U50' } });
    const { mayAsk, canOpen } = explainRequest(versionOf(SAMPLE), asked, lookedUp);
    expect({ mayAsk, canOpen }).toEqual({ mayAsk: true, canOpen: false });
  });
});
