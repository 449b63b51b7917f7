import type { SeedDelivery, WorkspaceSeed } from '#workspace/workspace';

/** The people of the company that the service is run for, by what they are there. */
export const PEOPLE = {
  onCall: 'U0ONCALL01',
  peer: 'U0PEER0001',
  release1: 'U0RELEASE1',
  release2: 'U0RELEASE2',
  senior: 'U0SENIOR01',
} as const;

const TEAM = 'T0ACME0001';
export const INCIDENTS = 'C0INCIDENT';
const BOT = 'U0BREAKGLS';

export const SLACK = {
  botToken: 'xoxb-1111-test-bot-token',
  appToken: 'xapp-1-test-app-token',
  signingSecret: 'test-signing-secret-00001',
};

const NAMES: Readonly<Record<keyof typeof PEOPLE, string>> = {
  onCall: 'J. Doe',
  peer: 'P. Peer',
  release1: 'R. Roe',
  release2: 'M. Moe',
  senior: 'S. Senior',
};

/** A workspace with these people, two channels and the app. */
export function acme(delivery: SeedDelivery = { mode: 'socket' }): WorkspaceSeed {
  const members = Object.values(PEOPLE);
  return {
    teams: [{ id: TEAM, name: 'Acme', domain: 'acme' }],
    users: (Object.keys(PEOPLE) as (keyof typeof PEOPLE)[]).map((part) => ({
      id: PEOPLE[part],
      name: part.toLowerCase(),
      realName: NAMES[part],
      email: `${part.toLowerCase()}@acme.example`,
    })),
    userGroups: [{ id: 'S0ENGINEER', handle: 'engineers', name: 'Engineers', members }],
    channels: [
      { id: INCIDENTS, name: 'incidents', members: [...members, BOT] },
      { id: 'C0SECURITY', name: 'security-audit', members: [...members, BOT] },
    ],
    app: {
      id: 'A0BREAKGLS',
      name: 'Break-glass',
      botUserId: BOT,
      ...SLACK,
      scopes: [
        'commands',
        'chat:write',
        'im:write',
        'users:read',
        'usergroups:read',
        'users:read.email',
        'channels:read',
        'groups:read',
      ],
      slashCommands: ['/breakglass'],
      delivery,
    },
  };
}

const TENANT = 'acme';
export const GATE = 'image-policy';

/**
 * Staging takes one peer; production two of the release group; the database the senior, with an
 * attestation. `staging` is the whole body of the tier for staging, so that a test can change it.
 */
export function policy(
  staging = 'require: [{ from: engineers, count: 1 }]\n    ttl: { offer: [10s, 15m, 1h], max: 1h }',
): string {
  return `version: 1
tenant: ${TENANT}
channels: { incidents: "${INCIDENTS}", security: "C0SECURITY" }
services:
  checkout:  { owner: ${PEOPLE.onCall}, environments: [staging, production], labels: [] }
  ledger-db: { owner: ${PEOPLE.senior}, environments: [staging, production], labels: [database] }
gates:
  ${GATE}: { kind: http, description: "Only signed images reach production" }
groups:
  engineers: { slack_usergroup: S0ENGINEER }
  release:   { slack: [${PEOPLE.release1}, ${PEOPLE.release2}] }
  db-senior: { slack: [${PEOPLE.senior}] }
requesters: [engineers]
admins: [${PEOPLE.senior}]
tiers:
  low:
    ${staging}
  high:
    require: [{ from: release, count: 2 }]
    ttl: { offer: [10s, 15m, 1h], max: 1h }
    in_flight: cancel
  production-database:
    require: [{ from: db-senior, count: 1 }]
    ttl: { offer: [10s, 15m, 1h], max: 1h }
    attestation: required
    replaces: [high]
rules:
  - { when: { environment: production }, tier: high }
  - { when: { label: database, environment: production }, tier: production-database }
default: low
post_mortem:
  assignee: service.owner
  due: 5 business days
`;
}
