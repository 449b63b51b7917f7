import fc from 'fast-check';
import { plainRecord } from './plain-record.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import type { Gate, Policy, Rule, RuleMatch, Tier } from '#domain/policy/policy';
import type { PolicyQuestion } from '#domain/policy/evaluate-policy';

export const GROUPS = ['engineers', 'release', 'seniors', 'admins'] as const;
export const GATES = ['image-policy', 'deploy-window'] as const;
/** Several of them at once, under most policies; under others one gate of that name. */
export const SEVERAL = 'ship-it';
export const SERVICES = ['checkout', 'ledger-db', 'constructor'] as const;
export const ENVIRONMENTS = ['staging', 'production'] as const;
export const BRANCHES = ['main', 'hotfix/1', 'release/2'] as const;
export const SEVERITIES = ['sev1', 'sev2'] as const;
export const TTLS_MS = [10, 30, 60, 120].map((minutes) => minutes * MINUTE_MS);

const TIER_NAMES = ['low', 'middle', 'high', 'top'];
const orNull = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: null });

/** `replaces` names weaker tiers only, as a policy that was checked does: no circle. */
const tierAt = (index: number): fc.Arbitrary<Tier> =>
  plainRecord({
    name: fc.constant(TIER_NAMES[index] ?? 'low'),
    requirements: fc.uniqueArray(
      plainRecord({
        from: fc.constantFrom('engineers', 'release', 'seniors'),
        count: fc.integer({ min: 1, max: 2 }),
      }),
      { minLength: 1, maxLength: 2, selector: (one) => one.from },
    ),
    ttlOffersMs: fc.uniqueArray(fc.constantFrom(...TTLS_MS), { minLength: 1, maxLength: 4 }),
    ttlMaxMs: fc.constantFrom(...TTLS_MS),
    chainMaxMs: fc.constantFrom(HOUR_MS, 2 * HOUR_MS, 8 * HOUR_MS),
    pendingMs: fc.constantFrom(10 * MINUTE_MS, 30 * MINUTE_MS),
    escalation: fc.array(
      plainRecord({
        afterMs: fc.constantFrom(2 * MINUTE_MS, 5 * MINUTE_MS),
        add: fc.uniqueArray(fc.constantFrom('release', 'seniors'), { minLength: 1, maxLength: 2 }),
      }),
      { maxLength: 2 },
    ),
    attestation: fc.constantFrom('preferred', 'preferred', 'required'),
    stepUp: fc.constantFrom('none', 'none', 'sso'),
    inFlight: fc.constantFrom('hold', 'cancel', 'rollback'),
    replaces:
      index === 0 ? fc.constant([]) : fc.subarray(TIER_NAMES.slice(0, index), { maxLength: 1 }),
  });

const tiers: fc.Arbitrary<readonly Tier[]> = fc
  .integer({ min: 1, max: TIER_NAMES.length })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => tierAt(index))));

const match: fc.Arbitrary<RuleMatch> = plainRecord({
  gate: fc.option(fc.constantFrom(...GATES, ...GATES, SEVERAL), { nil: null, freq: 2 }),
  service: fc.option(fc.constantFrom(...SERVICES), { nil: null, freq: 2 }),
  environment: orNull(ENVIRONMENTS),
  label: fc.option(fc.constantFrom('database', 'customer-facing'), { nil: null, freq: 2 }),
  branch: orNull(['main', 'hotfix/*', '*', 'release/*']),
  severity: orNull(SEVERITIES),
});

const ALONE: Gate = { kind: 'http', description: '', verifiedFacts: false };
const TOGETHER: Gate = {
  kind: 'all',
  description: '',
  verifiedFacts: false,
  gates: ['deploy-window', 'image-policy'],
};

export const arbitraryPolicy: fc.Arbitrary<Policy> = tiers.chain((made) => {
  const tier = fc.constantFrom(...made.map((one) => one.name));
  const rule: fc.Arbitrary<Rule> = plainRecord({ when: match, tier });
  return plainRecord({
    services: plainRecord({
      checkout: fc.constant({
        owner: 'engineers',
        environments: ['staging', 'production'],
        labels: ['customer-facing'],
      }),
      'ledger-db': fc.constant({
        owner: null,
        environments: ['production'],
        labels: ['database'],
      }),
    }),
    gates: plainRecord({
      'image-policy': fc.constant({ kind: 'http', description: '', verifiedFacts: false }),
      'deploy-window': fc.constant({ kind: 'github', description: '', verifiedFacts: true }),
      [SEVERAL]: fc.constantFrom<Gate>(...Array.from({ length: 5 }, () => TOGETHER), ALONE),
    }),
    groups: fc.constant(GROUPS),
    requesters: fc.constant(['engineers']),
    admins: fc.constant(['admins']),
    waitingLimit: fc.constant(4),
    tiers: fc.constant(made),
    rules: fc.array(rule, { maxLength: 6 }),
    defaultTier: tier,
    postMortem: plainRecord({
      assignee: fc.constantFrom('requester', 'service.owner', 'seniors'),
      due: fc.constantFrom({ businessDays: 5 }, { ms: HOUR_MS }),
      remindMs: fc.constant([]),
    }),
  });
});

export const arbitraryQuestion: fc.Arbitrary<PolicyQuestion> = plainRecord({
  gate: fc.constantFrom(...GATES, SEVERAL, '__proto__'),
  service: fc.constantFrom(...SERVICES),
  environment: fc.constantFrom(...ENVIRONMENTS, 'Production'),
  branch: orNull([...BRANCHES, 'hotfix/', 'main2']),
  severity: orNull([...SEVERITIES, 'sev9']),
});
