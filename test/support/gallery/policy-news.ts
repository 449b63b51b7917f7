import type { Change, RequestsConcerned } from '#application/policy/changes/change';
import type { PolicyNews } from '#application/ports/outbound';
import { policyVersion } from '#application/policy/apply-policy';
import { parsePolicyDocument } from '#application/policy/parse-policy-document';
import type { PolicyShown } from '#application/ports/policy-shown';
import { AT, DOE, receipt, TEAM } from '#test/slack/app/sample-card';

const REQUESTS: RequestsConcerned = {
  count: 4,
  isAll: false,
  gates: ['image-policy', 'migration-review'],
  services: ['checkout'],
  environments: ['production'],
  isWhole: true,
  withUnknown: false,
  example: {
    gate: 'image-policy',
    service: 'checkout',
    environment: 'production',
    branch: null,
    severity: null,
  },
};
const change = (has: Partial<Change> & Pick<Change, 'kind'>): Change => ({
  looser: true,
  about: '',
  before: null,
  after: null,
  ...has,
});
export const LOOSENED: PolicyNews = {
  before: `sha256:${'3b'.repeat(32)}`,
  after: `sha256:${'9e'.repeat(32)}`,
  others: 1,
  receipt: receipt(1043),
  loosenings: [
    change({
      kind: 'approvals',
      about: 'release',
      before: '2',
      after: '1',
      requests: REQUESTS,
    }),
    change({
      kind: 'ttl',
      before: '1h',
      after: '4h',
      requests: { ...REQUESTS, withUnknown: true },
    }),
    change({
      kind: 'attestation',
      before: 'required',
      after: 'preferred',
      requests: {
        ...REQUESTS,
        isWhole: false,
        example: { ...REQUESTS.example, branch: 'main', severity: 'sev1' },
      },
    }),
    change({ kind: 'group', about: 'release', before: 'U11', after: 'j.doe, U14' }),
    change({ kind: 'security-channel', before: '#security-audit', after: '#quiet' }),
  ],
};
/** Each thing that can be said of one, the other way round too. */
const KINDS: Readonly<Record<Change['kind'], true>> = {
  approvals: true,
  escalation: true,
  ttl: true,
  chain: true,
  pending: true,
  attestation: true,
  'step-up': true,
  'in-flight': true,
  tiers: true,
  'not-compared': true,
  group: true,
  requesters: true,
  admins: true,
  person: true,
  gate: true,
  'gate-settings': true,
  'verified-facts': true,
  service: true,
  caller: true,
  'waiting-limit': true,
  'day-limit': true,
  'overdue-reviews': true,
  'post-mortem': true,
  calendar: true,
  'security-channel': true,
};
export const ALL_LOOSENED: PolicyNews = {
  ...LOOSENED,
  others: 0,
  loosenings: Object.keys(KINDS).map((kind) =>
    change({ kind: kind as Change['kind'], about: 'release', after: 'what it is now' }),
  ),
};

const DOCUMENT = `version: 1
tenant: acme
services:
  checkout: { environments: [staging, production], labels: [customer-facing] }
  ledger-db: { environments: [production], labels: [database] }
gates:
  image-policy: { kind: http }
people:
  - { slack: [${DOE}], pagerduty: PDOE1, email: doe@acme.example }
groups:
  engineers: { slack_usergroup: S0ENGINEER }
  release: { slack: [${DOE}], slack_usergroup: S0RELEASE }
  db-senior: { pagerduty_schedule: PDB1, fallback: [${DOE}] }
  managers: { pagerduty_escalation_policy: PEP1 }
  auditors: { slack: [] }
requesters: [engineers, ${DOE}]
tiers:
  low:
    require: [{ from: engineers, count: 1 }]
    ttl: { offer: [15m, 1h, 4h], max: 4h }
  high:
    require: [{ from: release, count: 2 }]
    ttl: { offer: [15m, 1h], max: 1h }
    pending: 30m
    escalate: [{ after: 5m, add: [db-senior] }, { after: 15m, add: [managers] }]
  production-database:
    require: [{ from: release, count: 1 }, { from: db-senior, count: 1 }]
    ttl: { offer: [15m], max: 15m }
    step_up: sso
    attestation: required
    replaces: [high]
rules:
  - { when: { environment: production }, tier: high }
  - { when: { label: database, environment: production }, tier: production-database }
  - { when: { severity: sev1, branch: release/* }, tier: high }
default: low
`;

function versionOf(text: string): PolicyShown['version'] {
  const capabilities = { sso: true, pagerduty: true };
  const parsed = parsePolicyDocument(text, { file: 'policy.yaml', homeTeam: TEAM, capabilities });
  if (!parsed.ok) throw new RangeError(JSON.stringify(parsed.mistakes));
  return policyVersion(parsed.compiled, null, TEAM);
}

/** What `/breakglass policy` reads, with as much as can be said in one. */
export const POLICY: PolicyShown = {
  kind: 'policy',
  version: versionOf(DOCUMENT),
  applied: { index: 1043, at: AT },
  changes: LOOSENED.loosenings,
};
