import { describe, expect, it } from 'vitest';
import { policyVersion } from '#application/policy/apply-policy';
import type { Change } from '#application/policy/changes/change';
import { changeWords } from '#application/policy/changes/change-words';
import { changedRequests } from '#application/policy/changes/changed-requests';
import { pastRequest } from '#application/policy/changes/past-requests';
import { policyChanges } from '#application/policy/changes/policy-changes';
import { SAMPLE, compiled } from './sample.ts';

const BASE = SAMPLE.replace('tenant: acme', "tenant: acme\nchannels: { security: '#sec' }")
  .replace(
    'requesters:',
    'people:\n  - { id: ada, slack: [U11, U15], email: a@x.example }\nrequesters:',
  )
  .replace(
    'max: 1h }\nrules',
    'max: 1h }\n    attestation: required\n    in_flight: cancel\n    escalate: [{ after: 10m, add: [engineers] }]\nrules',
  )
  .concat(
    'limits: { waiting: 2, per_day: 5 }\npost_mortem: { overdue: { after: 3d, action: block } }\n',
  );

const versionOf = (text: string) => policyVersion(compiled(text), null, 'T01');

/** BASE with each of these exchanged. Fails if a part is not there, so that no test goes stale. */
function baseWith(...parts: readonly (readonly [string, string])[]): string {
  return parts.reduce((text, [part, instead]) => {
    if (!text.includes(part)) throw new Error(`the base has no ${part}`);
    return text.replace(part, () => instead);
  }, BASE);
}

function changed(...parts: readonly (readonly [string, string])[]): readonly Change[] {
  return policyChanges(versionOf(BASE), versionOf(baseWith(...parts)));
}

const said = (changes: readonly Change[]): readonly string[] =>
  changes.map((one) => `${one.looser ? 'looser' : 'other'}: ${changeWords(one)}`);

describe('what a new version of a policy changes', () => {
  it('is nothing where only the writing differs', () => {
    expect(
      changed(
        [
          '- { when: { environment: production }, tier: high }',
          '- { tier: peers, when: { environment: production } } # same',
        ],
        ['  high:', '  peers:'],
      ).filter(({ kind }) => kind !== 'tiers'),
    ).toEqual([]);
    expect(changed()).toEqual([]);
  });

  it.each([
    ['fewer approvals', 'release, count: 2', 'release, count: 1', 'approvals of release: 2 → 1'],
    [
      'a longer TTL',
      'offer: [15m, 1h], max: 1h',
      'offer: [15m, 1h], max: 2h',
      'longest TTL: 1h → 2h',
    ],
    ['a longer offer', 'offer: [15m, 1h], max: 1h', 'offer: [15m], max: 1h', null],
    ['no attestation', '    attestation: required\n', '', 'attestation: required → preferred'],
    [
      'deploys that run on',
      'in_flight: cancel',
      'in_flight: hold',
      'deploys in flight at the close: cancel → hold',
    ],
    [
      'an earlier escalation',
      'after: 10m',
      'after: 5m',
      'who stands in for release: engineers after 10m → engineers after 5m',
    ],
    [
      'a longer chain',
      'in_flight: cancel',
      'in_flight: cancel\n    chain_max: 12h',
      'longest with extensions: 8h → 12h',
    ],
    ['one more in a group', '[U11, U12, U13]', '[U11, U12, U13, U14]', 'group release: U14 added'],
    [
      'a group that is looked up elsewhere',
      'slack_usergroup: S01ENG',
      'slack_usergroup: S02ENG',
      'group engineers: slack-usergroup T01/S02ENG added, slack-usergroup T01/S01ENG removed',
    ],
    [
      'more who may ask',
      'requesters: [engineers]',
      'requesters: [engineers, release]',
      'who may ask: release added',
    ],
    ['another admin', 'admins: [U99]', 'admins: [U99, U98]', 'group admins: U98 added'],
    [
      'one person who becomes two',
      'slack: [U11, U15]',
      'slack: [U15, U16]',
      'person ada: T01/U11, T01/U15 → 2 people',
    ],
    [
      'an account of a stranger',
      'slack: [U11, U15]',
      'slack: [U11, U15, T09/U1]',
      'person ada: nobody → T09/U1',
    ],
    [
      'another address to sign in with',
      'a@x.example',
      'b@x.example',
      'person ada: a@x.example → b@x.example',
    ],
    [
      'a gate more',
      'image-policy: { kind: http }',
      'image-policy: { kind: http }\n  window: { kind: http }',
      'gate window: can be bypassed now',
    ],
    [
      'an environment more',
      '[staging, production]',
      '[staging, production, dr]',
      'checkout in dr: can be deployed under a bypass now',
    ],
    [
      'more that may wait',
      'waiting: 2',
      'waiting: 3',
      'requests of one person that may wait: 2 → 3',
    ],
    ['no limit a day', ', per_day: 5', '', 'requests of one person a day: 5 → unlimited'],
    [
      'overdue reviews that cost less',
      'action: block',
      'action: raise',
      'what an overdue review costs: block after 3d → raise after 3d',
    ],
    [
      'overdue reviews that cost later',
      'after: 3d',
      'after: 9d',
      'what an overdue review costs: block after 3d → block after 9d',
    ],
    [
      'another channel that hears of it',
      "security: '#sec'",
      "security: '#quiet'",
      'security channel: #sec → #quiet',
    ],
  ] as const)('%s', (_, part, instead, words) => {
    const loosenings = said(changed([part, instead]).filter(({ looser }) => looser));
    if (words === null) expect(loosenings).toEqual([]);
    else expect(loosenings.some((one) => one.startsWith(`looser: ${words}`))).toBe(true);
  });

  it('is a loosening one way and none the other', () => {
    const parts = [
      ['release, count: 2', 'release, count: 1'],
      ['offer: [15m, 1h], max: 1h', 'offer: [15m, 4h], max: 4h'],
      ['    attestation: required\n', ''],
      ['[U11, U12, U13]', '[U11, U12, U13, U14]'],
      ['waiting: 2', 'waiting: 3'],
      ['action: block', 'action: raise'],
    ] as const;
    const [before, after] = [versionOf(BASE), versionOf(baseWith(...parts))];
    expect(policyChanges(before, after).filter(({ looser }) => looser)).toHaveLength(6);
    expect(policyChanges(after, before).filter(({ looser }) => looser)).toEqual([]);
  });

  it('says for which requests', () => {
    const [one] = changed(['release, count: 2', 'release, count: 1']);
    expect(one?.requests).toMatchObject({
      gates: ['image-policy'],
      environments: ['production'],
      withUnknown: true,
    });
    expect(said(changed(['default: low', 'default: high']))).toContain(
      'other: approvals of release: 0 → 2, for image-policy · checkout · staging',
    );
  });

  it('is told of what the policy does not know, too', () => {
    const words = said(
      changed(['when: { environment: production }', 'when: { environment: staging }']),
    );
    expect(words).toContain(
      'looser: approvals of release: 2 → 0, for image-policy · checkout · production',
    );
    const strict = said(changed(['  high:', '  strictest:'], ['tier: high', 'tier: strictest']));
    expect(strict.some((one) => one.includes('what the policy does not know'))).toBe(true);
  });

  it('fails closed where there is too much to compare', () => {
    const many = (count: number, kind: string): string =>
      Array.from({ length: count }, (_, index) => `  g${index}: { kind: ${kind} }`).join('\n');
    const services = Array.from(
      { length: 400 },
      (_, index) => `  s${index}: { environments: [production] }`,
    ).join('\n');
    const large = baseWith(
      ['  image-policy: { kind: http }', many(300, 'http')],
      ['services:\n', `services:\n${services}\n`],
    );
    const changes = policyChanges(versionOf(large), versionOf(large));
    expect(said(changes)).toEqual(['looser: more kinds of request than can be compared']);
  });
});

describe('requests that were made', () => {
  const question = {
    gate: 'image-policy',
    service: 'checkout',
    environment: 'production',
    branch: 'main',
    severity: null,
  };

  it('are counted by what they would have got', () => {
    const [before, after] = [BASE, baseWith(['release, count: 2', 'release, count: 1'])];
    const [one, ...others] = changedRequests(versionOf(before).content, versionOf(after).content, [
      question,
      question,
      { ...question, environment: 'staging' },
    ]);
    expect(one).toMatchObject({
      kind: 'approvals',
      before: '2',
      after: '1',
      requests: { count: 2 },
    });
    expect(others).toEqual([]);
  });

  it('are read from entries, drills aside', () => {
    const { gate, service, environment, branch, severity } = question;
    const opened = {
      type: 'request.opened',
      at: 7,
      drill: false,
      gate,
      severity,
      scope: { service, environment, branch, artifact: null },
    } as unknown as Parameters<typeof pastRequest>[0];
    expect(pastRequest(opened)).toEqual({ at: 7, question });
    expect(pastRequest({ ...opened, drill: true } as typeof opened)).toBeNull();
    expect(pastRequest({ ...opened, type: 'request.denied' } as typeof opened)).toBeNull();
  });
});
