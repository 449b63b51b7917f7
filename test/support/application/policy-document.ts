/** The people of a test tenant's workspace, each with the part they play in its policy. */
export const PEOPLE = {
  onCall: 'U0ONCALL',
  peer: 'U0PEER',
  release1: 'U0RELEASE1',
  release2: 'U0RELEASE2',
  release3: 'U0RELEASE3',
  senior: 'U0SENIOR',
  owner: 'U0OWNER',
  admin: 'U0ADMIN',
  /** A member whom the policy names nowhere. */
  bystander: 'U0BYSTANDER',
  guest: 'U0GUEST',
} as const;

export type User = (typeof PEOPLE)[keyof typeof PEOPLE];

export interface PolicyChoices {
  /** Whether approvals in production need Sigstore. */
  readonly attestation?: 'preferred' | 'required';
  readonly release?: readonly User[];
  /** A Slack user group that is the release group instead. */
  readonly releaseGroup?: string;
  /** As under `limits:`. */
  readonly limits?: string;
  /** The channel that checkpoints and loosenings go to. */
  readonly security?: string;
  /** The channel that hears of each week; none unless given. */
  readonly digestTo?: string;
  /** How long texts are kept; for ever unless given. */
  readonly textsKept?: string;
  /** How the release group is written, in place of a list of its people. */
  readonly releaseIs?: string;
  readonly require?: number;
  /** The kind of the gate `image-policy`. */
  readonly gateKind?: 'http' | 'opa';
  /** Whether approvals in production need a sign-in. */
  readonly stepUp?: 'none' | 'sso';
  /** Lines under `people:`; everybody's address unless given, where approvals need a sign-in. */
  readonly people?: string;
  /** What happens to deploys in production that run when their bypass ends. */
  readonly inFlight?: 'hold' | 'cancel' | 'rollback';
  /** Lines under `gates:` besides those that are always there. */
  readonly gates?: string;
  /** Members of `post_mortem:` besides those that are always there. */
  readonly review?: string;
  /** Lines under `callers:`; nobody unless given. */
  readonly callers?: string;
}

/** What an approver's account at the provider must be called. */
const addressOf = (user: User): string => `${user}@acme.example`.toLowerCase();

const ADDRESSES = Object.values(PEOPLE)
  .map((user) => `  - { slack: [${user}], email: ${addressOf(user)} }`)
  .join('\n');

/** Three tiers, a default, escalation after 5 min of 30, and an owner who takes the post-mortem. */
export function policyDocument(tenant: string, choices: PolicyChoices = {}): string {
  const {
    attestation = 'preferred',
    require = 2,
    stepUp = 'none',
    gateKind = 'http',
    people = stepUp === 'sso' ? ADDRESSES : '',
    releaseGroup,
    releaseIs,
    limits = '{ waiting: 3 }',
    callers = '',
    gates = '',
    inFlight = 'cancel',
    textsKept,
    digestTo,
    security = 'C0SECURITY',
    review,
  } = choices;
  const release = choices.release ?? [PEOPLE.release1, PEOPLE.release2, PEOPLE.release3];
  const releaseAs =
    releaseIs ??
    (releaseGroup === undefined
      ? `{ slack: [${release.join(', ')}] }`
      : `{ slack_usergroup: ${releaseGroup} }`);
  return `version: 1
tenant: ${tenant}
channels: { incidents: "C0INCIDENT", security: "${security}"${digestTo === undefined ? '' : `, digest: ${digestTo}`} }
services:
  checkout:  { owner: ${PEOPLE.owner}, environments: [staging, production], labels: [customer-facing] }
  search:    { owner: ${PEOPLE.owner}, environments: [staging, production] }
  ledger-db: { owner: ${PEOPLE.senior}, environments: [staging, production], labels: [database] }
gates:
  image-policy:     { kind: ${gateKind}, description: "Only signed images reach production" }
  migration-review: { kind: http, description: "Schema changes are reviewed" }
  provenance:       { kind: http, verified_facts: true }
${gates === '' ? '' : `${gates}\n`}${callers === '' ? '' : `callers:\n${callers}\n`}${people === '' ? '' : `people:\n${people}\n`}groups:
  engineers: { slack_usergroup: S0ENGINEER }
  release:   ${releaseAs}
  db-senior: { slack: [${PEOPLE.senior}] }
requesters: [engineers]
admins: [${PEOPLE.admin}]
limits: ${limits}
${textsKept === undefined ? '' : `retention: { texts: ${textsKept} }\n`}tiers:
  low:
    require: [{ from: engineers, count: 1 }]
    ttl: { offer: [15m, 1h, 4h], max: 4h }
  high:
    require: [{ from: release, count: ${require} }]
    ttl: { offer: [15m, 1h], max: 1h }
    chain_max: 75m
    pending: 30m
    escalate: [{ after: 5m, add: [db-senior] }]
    attestation: ${attestation}
    step_up: ${stepUp}
    in_flight: ${inFlight}
  production-database:
    require: [{ from: db-senior, count: 1 }]
    ttl: { offer: [15m, 1h], max: 1h }
    attestation: required
    replaces: [high]
rules:
  - { when: { environment: production }, tier: high }
  - { when: { label: database, environment: production }, tier: production-database }
  - { when: { branch: "release/*", service: search }, tier: high }
default: low
post_mortem: { assignee: service.owner, due: 3d, remind: [1d before, due, 2d after]${review === undefined ? '' : `, ${review}`} }
`;
}
