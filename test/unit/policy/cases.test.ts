import { describe, expect, it } from 'vitest';
import { policyVersion } from '#application/policy/apply-policy';
import { readCases } from '#application/policy/cases/read-cases';
import { runCase, type Difference } from '#application/policy/cases/run-case';
import { SAMPLE, compiled, sampleWith } from './sample.ts';

const casesWith = (expected: string, ask = ''): string => `version: 1
cases:
  - name: production
    ask: { gate: image-policy, service: checkout, environment: production${ask} }
    expect: ${expected}
`;

function differences(expected: string, ask?: string, policy = SAMPLE): readonly Difference[] {
  const read = readCases(casesWith(expected, ask));
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes, null, 2));
  const version = policyVersion(compiled(policy), null, 'T01');
  return read.cases.flatMap(({ policyCase }) => runCase(version, policyCase));
}

const mistakes = (text: string): readonly string[] => {
  const read = readCases(text);
  return read.ok
    ? []
    : read.mistakes.map((one) => `${one.line}:${one.column} ${one.message} → ${one.remedy}`);
};

describe('a case beside a policy', () => {
  it('holds where everything is as it expects', () => {
    const expected =
      '{ tiers: [high], approvals: { release: 2 }, ttl: [15m, 60m], ttl_max: 60m, chain_max: 8h, pending: 1h, attestation: preferred, step_up: none, in_flight: hold, escalate: [], unknown: [] }';
    expect(differences(expected)).toEqual([]);
  });

  it('says each thing that differs, as a case would write it', () => {
    expect(differences('{ tiers: [low], approvals: { release: 1 }, ttl_max: 4h }')).toEqual([
      { what: 'tiers', expected: '[low]', found: '[high]' },
      { what: 'approvals', expected: '[release: 1]', found: '[release: 2]' },
      { what: 'ttl_max', expected: '4h', found: '1h' },
    ]);
  });

  it('looks at each thing that can be expected', () => {
    const expected =
      '{ tiers: [low], unknown: [gate], approvals: { release: 9 }, ttl: [1s], ttl_max: 1s, chain_max: 1s, pending: 1s, attestation: required, step_up: sso, in_flight: cancel, escalate: [{ after: 1s, add: [low] }], asked: [U9], may_ask: true, can_open: false }';
    const found = differences(expected).map(({ what }) => what);
    expect(found).toEqual(Object.keys(readExpected(expected)));
  });

  it('asks everybody of a group but the requester', () => {
    expect(differences('{ asked: [U12, U13], can_open: true }', ', requester: U11')).toEqual([]);
  });

  it('knows one person by all their accounts', () => {
    const policy = sampleWith('groups:', 'people:\n  - { id: ada, slack: [U11, T02/U7] }\ngroups:');
    const asked = '{ asked: [U12, U13] }';
    expect(differences(asked, ', requester: T02/U7', policy)).toEqual([]);
    expect(differences(asked, ', requester: ada', policy)).toEqual([]);
    expect(differences('{ asked: [ada, U12, U13] }', '', policy)).toEqual([]);
  });

  it('names a requester whom the policy does not know', () => {
    expect(differences('{ tiers: [high] }', ', requester: nobody')).toMatchObject([
      { what: 'ask.requester', found: 'there is none' },
    ]);
  });

  it('says where only a look-up can tell', () => {
    expect(differences('{ may_ask: true }', ', requester: U11')).toEqual([
      { what: 'may_ask', expected: 'true', found: 'only a look-up can tell' },
    ]);
  });

  it('finds a request that could never open', () => {
    const policy = sampleWith(
      'release: { slack: [U11, U12, U13] }',
      'release: { slack: [U11, U12] }',
    );
    expect(differences('{ can_open: false }', ', requester: U11', policy)).toEqual([]);
    expect(differences('{ can_open: true }', ', requester: U13', policy)).toEqual([]);
  });
});

describe('the file of cases', () => {
  it('refuses a slip, which would make a case that expects nothing', () => {
    expect(mistakes(casesWith('{ tier: [high] }'))).toContainEqual(
      '5:15 unknown key "tier" → Did you mean `tiers`?',
    );
    expect(mistakes(casesWith('{}'))).toEqual([
      '5:13 a mapping stands here → Write what is expected, such as `tiers: [high]`.',
    ]);
  });

  it('refuses what is no YAML, no case, and no span of time', () => {
    expect(mistakes('version: 1\ncases: []\n')).toEqual([
      '2:8 the list is empty → Write at least one case.',
    ]);
    expect(mistakes('cases: [')).not.toEqual([]);
    expect(mistakes(casesWith('{ ttl_max: an hour }'))).toHaveLength(1);
  });
});

/** The keys of a flow mapping, in the order written. */
function readExpected(text: string): Readonly<Record<string, unknown>> {
  const read = readCases(casesWith(text));
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes, null, 2));
  return read.cases[0]?.policyCase.expect ?? {};
}
