import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicyDocument } from '#application/policy/parse-policy-document';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import type { Policy, RuleMatch, Tier } from '#domain/policy/policy';
import { digestOf } from '#ledger/digest';
import { compiled, parse } from './sample.ts';

const text = readFileSync(new URL('../../../examples/policy.yaml', import.meta.url), 'utf8');

const MINUTES = 60_000;
const HOURS = 60 * MINUTES;
const DAYS = 24 * HOURS;

const anything: RuleMatch = {
  gate: null,
  service: null,
  environment: null,
  label: null,
  branch: null,
  severity: null,
};

const usual: Omit<Tier, 'name' | 'requirements' | 'ttlOffersMs' | 'ttlMaxMs'> = {
  chainMaxMs: 8 * HOURS,
  pendingMs: 1 * HOURS,
  escalation: [],
  attestation: 'preferred',
  stepUp: 'none',
  inFlight: 'hold',
  replaces: [],
};

const policy: Policy = {
  services: {
    checkout: {
      owner: 'release',
      environments: ['staging', 'production'],
      labels: ['customer-facing'],
    },
    'ledger-db': {
      owner: '@owner:ledger-db',
      environments: ['production'],
      labels: ['database'],
    },
  },
  gates: {
    'image-policy': {
      kind: 'http',
      description: 'Only signed images reach production',
      verifiedFacts: false,
    },
    'deploy-window': {
      kind: 'github',
      description: '',
      verifiedFacts: false,
      settings: {
        repository: 'acme/checkout',
        repository_id: '123456789',
        environment: 'production',
      },
    },
  },
  groups: ['@admins', '@owner:ledger-db', 'db-senior', 'engineers', 'release'],
  requesters: ['engineers'],
  admins: ['@admins'],
  waitingLimit: 3,
  dayLimit: 20,
  tiers: [
    {
      ...usual,
      name: 'low',
      requirements: [{ from: 'engineers', count: 1 }],
      ttlOffersMs: [15 * MINUTES, 1 * HOURS, 4 * HOURS],
      ttlMaxMs: 4 * HOURS,
    },
    {
      ...usual,
      name: 'high',
      requirements: [{ from: 'release', count: 2 }],
      ttlOffersMs: [15 * MINUTES, 1 * HOURS],
      ttlMaxMs: 1 * HOURS,
      pendingMs: 30 * MINUTES,
      escalation: [{ afterMs: 5 * MINUTES, add: ['db-senior'] }],
      inFlight: 'cancel',
    },
    {
      ...usual,
      name: 'production-database',
      requirements: [{ from: 'db-senior', count: 1 }],
      ttlOffersMs: [15 * MINUTES, 1 * HOURS],
      ttlMaxMs: 1 * HOURS,
      attestation: 'required',
    },
  ],
  rules: [
    { when: { ...anything, environment: 'production' }, tier: 'high' },
    {
      when: { ...anything, label: 'database', environment: 'production' },
      tier: 'production-database',
    },
    { when: { ...anything, severity: 'sev1' }, tier: 'high' },
  ],
  defaultTier: 'low',
  postMortem: {
    assignee: 'service.owner',
    due: { businessDays: 5 },
    remindMs: [-1 * DAYS, 0, 2 * DAYS],
  },
};

describe('the example document', () => {
  it('compiles to exactly this policy', () => {
    expect(compiled(text).policy).toEqual(policy);
  });

  it('says where the members of each group come from', () => {
    expect(compiled(text).groups).toEqual({
      engineers: { sources: [{ kind: 'slack-usergroup', team: 'T01', usergroup: 'S01ENG' }] },
      release: {
        sources: [
          {
            kind: 'accounts',
            accounts: [
              { team: 'T01', user: 'U11' },
              { team: 'T01', user: 'U12' },
              { team: 'T01', user: 'U13' },
            ],
          },
        ],
      },
      'db-senior': {
        sources: [{ kind: 'accounts', accounts: [{ team: 'T01', user: 'U20' }] }],
      },
      '@admins': { sources: [{ kind: 'accounts', accounts: [{ team: 'T01', user: 'U99' }] }] },
      '@owner:ledger-db': {
        sources: [{ kind: 'accounts', accounts: [{ team: 'T01', user: 'U20' }] }],
      },
    });
  });

  it('keeps what only adapters need beside the policy', () => {
    const { tenant, people, channels, templateFile, documentDigest } = compiled(text);
    expect({ tenant, people, channels, templateFile }).toEqual({
      tenant: 'acme',
      people: [
        {
          id: 'j.doe',
          accounts: [
            { team: 'T01', user: 'U07' },
            { team: 'T02', user: 'U31' },
          ],
          email: 'j.doe@acme.example',
        },
      ],
      channels: { incidents: '#incidents', security: '#security-audit' },
      templateFile: 'post-mortem.md.liquid',
    });
    expect(documentDigest).toBe(digestOf(text));
  });

  it('can be used by an installation that has neither single sign-on nor PagerDuty', () => {
    const capabilities = { sso: false, pagerduty: false };
    const options = { file: 'policy.yaml', homeTeam: 'T01', capabilities };
    expect(parsePolicyDocument(text, options)).toMatchObject({ ok: true });
  });

  it('has nothing to warn of', () => {
    expect(parse(text)).toMatchObject({ ok: true, warnings: [] });
  });

  it('asks both tiers for a database in production', () => {
    const evaluation = evaluatePolicy(compiled(text).policy, {
      gate: 'image-policy',
      service: 'ledger-db',
      environment: 'production',
      branch: null,
      severity: null,
    });
    expect(evaluation.tiers).toEqual(['high', 'production-database']);
    expect(evaluation.unknown).toEqual([]);
  });

  it('names schema and template that stand beside it', () => {
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/docs\/policy\.schema\.json\n/);
    const template = new URL('../../../examples/post-mortem.md.liquid', import.meta.url);
    expect(readFileSync(template, 'utf8')).toContain('# Post-mortem');
  });
});
