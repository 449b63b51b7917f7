import type { DigestText } from '#domain/ids';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/instant';
import type { Gate, Policy, Rule, RuleMatch, Service, Tier } from '#domain/policy/policy';
import { evaluatePolicy, type PolicyQuestion } from '#domain/policy/evaluate-policy';
import type { Evaluation } from '#domain/policy/evaluation';

/** `sha256:` and 64 times the same hex digit, so that a failing test shows which one it was. */
export const digest = (hexDigit: string): DigestText => `sha256:${hexDigit.repeat(64)}`;

export const V1 = digest('1');
export const V2 = digest('2');

export const tier = (name: string, has: Partial<Tier> = {}): Tier => ({
  name,
  requirements: [],
  ttlOffersMs: [15 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS],
  ttlMaxMs: 4 * HOUR_MS,
  chainMaxMs: 8 * HOUR_MS,
  pendingMs: 30 * MINUTE_MS,
  escalation: [],
  attestation: 'preferred',
  stepUp: 'none',
  inFlight: 'hold',
  replaces: [],
  ...has,
});

export const rule = (tierName: string, when: Partial<RuleMatch>): Rule => ({
  tier: tierName,
  when: {
    gate: null,
    service: null,
    environment: null,
    label: null,
    branch: null,
    severity: null,
    ...when,
  },
});

export const service = (has: Partial<Service> = {}): Service => ({
  owner: null,
  environments: ['staging', 'production'],
  labels: [],
  ...has,
});

export const gate = (has: Partial<Gate> = {}): Gate => ({
  kind: 'http',
  description: 'Only signed images reach production',
  verifiedFacts: false,
  ...has,
});

export const low = tier('low', { requirements: [{ from: 'engineers', count: 1 }] });
export const high = tier('high', {
  requirements: [{ from: 'release', count: 2 }],
  ttlMaxMs: HOUR_MS,
  escalation: [{ afterMs: 5 * MINUTE_MS, add: ['db-senior'] }],
  inFlight: 'cancel',
});
export const productionDatabase = tier('production-database', {
  requirements: [{ from: 'db-senior', count: 1 }],
  ttlOffersMs: [15 * MINUTE_MS, HOUR_MS],
  ttlMaxMs: HOUR_MS,
  attestation: 'required',
  stepUp: 'sso',
});

/** The policy that the documentation shows: three tiers, a default, severity that raises. */
export const examplePolicy: Policy = {
  services: {
    checkout: service({ owner: 'payments', labels: ['customer-facing'] }),
    'ledger-db': service({ environments: ['production'], labels: ['database'] }),
  },
  gates: {
    'image-policy': gate(),
    'deploy-window': gate({ kind: 'github', verifiedFacts: true }),
  },
  groups: ['engineers', 'release', 'db-senior', 'payments', 'admins'],
  requesters: ['engineers'],
  admins: ['admins'],
  waitingLimit: 3,
  tiers: [low, high, productionDatabase],
  rules: [
    rule('high', { environment: 'production' }),
    rule('production-database', { label: 'database', environment: 'production' }),
    rule('high', { severity: 'sev1' }),
  ],
  defaultTier: 'low',
  postMortem: {
    assignee: 'service.owner',
    due: { businessDays: 5 },
    remindMs: [-DAY_MS, 0, 2 * DAY_MS],
  },
};

/** The example with some of it changed. */
export const policy = (has: Partial<Policy> = {}): Policy => ({ ...examplePolicy, ...has });

/** The example with one of its tiers changed. */
export const policyWithTier = (name: string, has: Partial<Tier>): Policy =>
  policy({
    tiers: examplePolicy.tiers.map((one) => (one.name === name ? { ...one, ...has } : one)),
  });

/** A question about checkout in staging, any branch, no severity, until told otherwise. */
const question = (has: Partial<PolicyQuestion> = {}): PolicyQuestion => ({
  gate: 'image-policy',
  service: 'checkout',
  environment: 'staging',
  branch: null,
  severity: null,
  ...has,
});

export const evaluate = (of: Policy, has: Partial<PolicyQuestion> = {}): Evaluation =>
  evaluatePolicy(of, question(has));
