import { describe, expect, it } from 'vitest';
import { compiled, sampleWith } from './sample.ts';

const account = (user: string, team = 'T01') => ({ team, user });
const MINUTES = 60_000;

describe('accounts where a group could stand', () => {
  it('become groups that no document can name', () => {
    const text = sampleWith('[engineers]', '[engineers, U1, T02/U2]')
      .replace('owner: release', 'owner: T02/U3')
      .replace(
        'default: low',
        'default: low\npost_mortem: { assignee: U4 }\npeople: [{ slack: [T02/U2] }, { slack: [T02/U3] }]',
      );
    const { policy, groups } = compiled(text);
    expect(policy.requesters).toEqual(['engineers', '@requesters']);
    expect(policy.admins).toEqual(['@admins']);
    expect(policy.services['checkout']?.owner).toBe('@owner:checkout');
    expect(policy.postMortem.assignee).toBe('@assignee');
    expect(policy.groups).toEqual([
      '@admins',
      '@assignee',
      '@owner:checkout',
      '@requesters',
      'engineers',
      'release',
    ]);
    const of = (name: string) => groups[name]?.sources;
    expect(of('@requesters')).toEqual([
      { kind: 'accounts', accounts: [account('U1'), account('U2', 'T02')] },
    ]);
    expect(of('@owner:checkout')).toEqual([{ kind: 'accounts', accounts: [account('U3', 'T02')] }]);
    expect(of('@assignee')).toEqual([{ kind: 'accounts', accounts: [account('U4')] }]);
  });
});

describe('a group with several sources', () => {
  it('keeps all of them', () => {
    const text = sampleWith(
      '{ slack: [U11, U12, U13] }',
      '{ slack: [U11], slack_usergroup: T02/S7, pagerduty_schedule: P1, pagerduty_escalation_policy: P2 }',
    );
    expect(compiled(text).groups['release']?.sources).toEqual([
      { kind: 'accounts', accounts: [account('U11')] },
      { kind: 'slack-usergroup', team: 'T02', usergroup: 'S7' },
      { kind: 'pagerduty-schedule', schedule: 'P1', fallback: [] },
      { kind: 'pagerduty-escalation-policy', policy: 'P2', levels: [1], fallback: [] },
    ]);
  });
});

describe('what is not written', () => {
  it('has these defaults', () => {
    const { policy, people, channels, templateFile } = compiled(
      sampleWith('labels: [web] ', '').replace('owner: release, ', '').replace(', }', ' }'),
    );
    expect({ people, channels, templateFile }).toEqual({
      people: [],
      channels: { incidents: null, security: null },
      templateFile: null,
    });
    expect(policy.services['checkout']).toEqual({
      owner: null,
      environments: ['staging', 'production'],
      labels: [],
    });
    expect(policy.gates['image-policy']).toEqual({
      kind: 'http',
      description: '',
      verifiedFacts: false,
    });
    expect(policy.waitingLimit).toBe(3);
    expect(policy.tiers[0]).toMatchObject({
      chainMaxMs: 480 * MINUTES,
      pendingMs: 60 * MINUTES,
      escalation: [],
      attestation: 'preferred',
      stepUp: 'none',
      inFlight: 'hold',
      replaces: [],
    });
    expect(policy.postMortem).toEqual({
      assignee: 'service.owner',
      due: { businessDays: 5 },
      remindMs: [-1440 * MINUTES, 0, 2880 * MINUTES],
    });
  });
});

describe('values', () => {
  it('are read in their units, and sorted where order means nothing', () => {
    const text = sampleWith('offer: [15m, 1h], max: 4h', 'offer: [1h, 10s], max: 2h').replace(
      'default: low',
      'default: low\npost_mortem: { due: 3d, remind: [2h after, due, 1d before] }',
    );
    const { policy } = compiled(text);
    expect(policy.tiers[0]?.ttlOffersMs).toEqual([10_000, 60 * MINUTES]);
    expect(policy.postMortem).toMatchObject({
      due: { ms: 3 * 1440 * MINUTES },
      remindMs: [-1440 * MINUTES, 0, 120 * MINUTES],
    });
  });

  it('demand an attested approval wherever they demand a sign-in', () => {
    const text = sampleWith(
      'offer: [15m, 1h], max: 4h }',
      'offer: [1h], max: 2h }\n    step_up: sso',
    );
    expect(compiled(text).policy.tiers[0]).toMatchObject({
      stepUp: 'sso',
      attestation: 'required',
    });
  });

  it('of a gate are kept as text', () => {
    const gate = '{ kind: github, repository: a/b, repository_id: 1234, environment: "on" }';
    const { gates } = compiled(sampleWith('{ kind: http }', gate)).policy;
    expect(gates['image-policy']).toMatchObject({
      settings: { repository: 'a/b', repository_id: '1234', environment: 'on' },
    });
  });

  it('of a rule stand for anything where they are not written', () => {
    const when = '{ gate: image-policy, label: web, branch: release/*, severity: sev1 }';
    const { policy } = compiled(sampleWith('{ environment: production }', when));
    expect(policy.rules[0]?.when).toEqual({
      gate: 'image-policy',
      service: null,
      environment: null,
      label: 'web',
      branch: 'release/*',
      severity: 'sev1',
    });
  });

  it('of `replaces` name less strict tiers', () => {
    const { policy } = compiled(
      sampleWith(
        'ttl: { offer: [15m, 1h], max: 1h }',
        'ttl: { offer: [1h], max: 1h }\n    replaces: [low]',
      ),
    );
    expect(policy.tiers[1]?.replaces).toEqual(['low']);
  });
});
