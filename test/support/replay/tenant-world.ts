import { personId, type DigestText, type PersonId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS, type Instant } from '#domain/instant';
import type { LookUp } from '#domain/policy/look-up';
import type { PolicyContent, Tier } from '#domain/policy/policy';
import { canonicalJson, type JsonValue } from '#ledger/canonical-json';
import { digestOf } from '#ledger/digest';

/** A small tenant: eight people, four groups, five policy versions. */
export const PEOPLE: readonly PersonId[] = [
  'amy',
  'ben',
  'cem',
  'dee',
  'eli',
  'fay',
  'gus',
  'hal',
].map(personId);

const names = (...indices: number[]): readonly PersonId[] =>
  PEOPLE.filter((_, index) => indices.includes(index));

/** `hal` may not ask; `gus` is in no approving group. */
const GROUPS: Readonly<Record<string, readonly PersonId[]>> = {
  everyone: names(0, 1, 2, 3, 4, 5, 6),
  peers: names(0, 1, 2, 3, 4),
  seniors: names(2, 3, 4, 5),
  admins: names(5),
};

const tier = (name: string, over: Partial<Tier>): Tier => ({
  name,
  requirements: [{ from: 'peers', count: 1 }],
  ttlOffersMs: [15 * MINUTE_MS, HOUR_MS],
  ttlMaxMs: HOUR_MS,
  chainMaxMs: 2 * HOUR_MS,
  pendingMs: 30 * MINUTE_MS,
  escalation: [],
  attestation: 'preferred',
  stepUp: 'none',
  inFlight: 'hold',
  replaces: [],
  ...over,
});

const when = {
  gate: null,
  service: null,
  environment: null,
  label: null,
  branch: null,
  severity: null,
};

export const FIRST_POLICY: PolicyContent = {
  document: `sha256:${'d'.repeat(64)}`,
  template: null,
  services: {
    web: { owner: 'peers', environments: ['staging', 'production'], labels: [] },
    db: { owner: 'seniors', environments: ['production'], labels: ['database'] },
  },
  gates: {
    deploy: { kind: 'github', description: 'Deployments', verifiedFacts: false },
    admission: { kind: 'kubernetes', description: '', verifiedFacts: false },
    window: { kind: 'http', description: '', verifiedFacts: false },
    both: { kind: 'all', description: '', verifiedFacts: false, gates: ['admission', 'deploy'] },
  },
  groups: Object.keys(GROUPS),
  requesters: ['everyone'],
  admins: ['admins'],
  waitingLimit: 20,
  tiers: [
    tier('low', {}),
    tier('high', {
      requirements: [{ from: 'peers', count: 2 }],
      escalation: [{ afterMs: 5 * MINUTE_MS, add: ['seniors'] }],
      inFlight: 'cancel',
    }),
    tier('database', {
      requirements: [
        { from: 'seniors', count: 1 },
        { from: 'peers', count: 1 },
      ],
      attestation: 'required',
      inFlight: 'rollback',
    }),
  ],
  rules: [
    { when: { ...when, label: 'database' }, tier: 'database' },
    { when: { ...when, service: 'web', environment: 'staging' }, tier: 'low' },
    { when: { ...when, branch: 'release/*' }, tier: 'high' },
    { when: { ...when, severity: 'sev1' }, tier: 'high' },
  ],
  defaultTier: 'high',
  postMortem: { assignee: 'requester', due: { businessDays: 2 }, remindMs: [0] },
};

export const SECOND_POLICY: PolicyContent = {
  ...FIRST_POLICY,
  tiers: FIRST_POLICY.tiers.map((one) =>
    one.name === 'low' ? { ...one, ttlMaxMs: 15 * MINUTE_MS, ttlOffersMs: [15 * MINUTE_MS] } : one,
  ),
  rules: [
    ...FIRST_POLICY.rules,
    { when: { ...when, gate: 'admission' }, tier: 'low' },
    { when: { ...when, gate: 'both', environment: 'production' }, tier: 'high' },
  ],
  postMortem: { assignee: 'service.owner', due: { ms: HOUR_MS }, remindMs: [] },
};

/** Deploys pass on verified facts alone, more opens together, and reviews are due by its own days. */
export const STRICT_POLICY: PolicyContent = {
  ...FIRST_POLICY,
  calendar: { zone: 'America/New_York', weekend: [4, 5], holidays: ['11-20', '2026-11-23'] },
  gates: {
    ...FIRST_POLICY.gates,
    deploy: { kind: 'github', description: 'Deployments', verifiedFacts: true },
    both: {
      kind: 'all',
      description: '',
      verifiedFacts: false,
      gates: ['admission', 'deploy', 'window'],
    },
  },
};

/** Staging takes an approval after a sign-in. */
export const STEP_UP_POLICY: PolicyContent = {
  ...FIRST_POLICY,
  tiers: FIRST_POLICY.tiers.map((one) =>
    one.name === 'low' ? { ...one, attestation: 'required', stepUp: 'sso' } : one,
  ),
};

/** Two requests of a person may wait at once. */
export const CROWDED_POLICY: PolicyContent = { ...FIRST_POLICY, waitingLimit: 2 };

/** A person may ask twice in 24 h. */
export const BUSY_POLICY: PolicyContent = { ...FIRST_POLICY, dayLimit: 2 };

/** Reviews are due soon, and one that is overdue raises what its service asks for, or blocks it. */
export const RAISING_POLICY: PolicyContent = {
  ...FIRST_POLICY,
  postMortem: {
    assignee: 'requester',
    due: { ms: 10 * MINUTE_MS },
    remindMs: [],
    overdue: { afterMs: MINUTE_MS, action: 'raise' },
  },
};
export const BLOCKING_POLICY: PolicyContent = {
  ...RAISING_POLICY,
  postMortem: {
    ...RAISING_POLICY.postMortem,
    overdue: { afterMs: 20 * MINUTE_MS, action: 'block' },
  },
};

export const policyDigest = (policy: PolicyContent): DigestText =>
  digestOf(canonicalJson(policy as unknown as JsonValue));

export const POLICIES: Readonly<Record<DigestText, PolicyContent>> = {
  [policyDigest(FIRST_POLICY)]: FIRST_POLICY,
  [policyDigest(SECOND_POLICY)]: SECOND_POLICY,
  [policyDigest(STRICT_POLICY)]: STRICT_POLICY,
  [policyDigest(CROWDED_POLICY)]: CROWDED_POLICY,
  [policyDigest(BUSY_POLICY)]: BUSY_POLICY,
  [policyDigest(STEP_UP_POLICY)]: STEP_UP_POLICY,
  [policyDigest(RAISING_POLICY)]: RAISING_POLICY,
  [policyDigest(BLOCKING_POLICY)]: BLOCKING_POLICY,
};

/** What the directory answered a while before `now`; `without` has left every group since. */
export function lookUpsAt(now: Instant, ageMs: number, without: PersonId | null): LookUp[] {
  return (Object.keys(POLICIES) as DigestText[]).flatMap((policy) =>
    Object.entries(GROUPS).map(([group, members]): LookUp => ({
      policy,
      group,
      lookedUpAt: now - ageMs,
      outcome: 'members',
      members: members.filter((one) => one !== without),
    })),
  );
}
