import { OUTSIDERS, PEOPLE } from './company.ts';

/**
 * The demo's policy: the three tiers of docs/policy.md.
 *
 * @param shortest a TTL offered before the usual ones, short enough to be waited for.
 */
export const demoPolicy = (shortest?: '10s'): string => {
  const offer = (...usual: readonly string[]): string =>
    `[${[...(shortest === undefined ? [] : [shortest]), ...usual].join(', ')}]`;
  return `version: 1
tenant: acme
channels: { incidents: "C0INCIDENT", security: "C0SECURITY" }

services:
  checkout:  { owner: ${PEOPLE.onCall.id}, environments: [staging, production], labels: [customer-facing] }
  ledger-db: { owner: ${PEOPLE.senior.id}, environments: [staging, production], labels: [database] }

gates:
  image-policy:     { kind: http, description: "Only signed images reach production" }
  migration-review: { kind: http, description: "Schema changes are reviewed" }

people: # an approval under a second account is the same person's
  - { id: j.doe, slack: [${PEOPLE.onCall.id}, ${OUTSIDERS.onCallAgain.id}], email: jdoe@acme.example }

groups:
  engineers: { slack_usergroup: S0ENGINEER }
  release:   { slack: [${PEOPLE.release1.id}, ${PEOPLE.release2.id}] }
  db-senior: { slack: [${PEOPLE.senior.id}] }

requesters: [engineers]
admins: [${PEOPLE.senior.id}]

tiers: # in order of strictness
  low:
    require: [{ from: engineers, count: 1 }]
    ttl: { offer: ${offer('15m', '1h', '4h')}, max: 4h }
  high:
    require: [{ from: release, count: 2 }]
    ttl: { offer: ${offer('15m', '1h')}, max: 1h }
    pending: 30m
    escalate: [{ after: 5m, add: [db-senior] }]
    in_flight: cancel
  production-database:
    require: [{ from: db-senior, count: 1 }]
    ttl: { offer: ${offer('15m', '1h')}, max: 1h }
    attestation: required
    replaces: [high]

rules:
  - { when: { environment: production }, tier: high }
  - { when: { label: database, environment: production }, tier: production-database }
  - { when: { severity: sev1 }, tier: high }
default: low

post_mortem:
  assignee: service.owner
  due: 5 business days
  remind: [1d before, due, 2d after]
`;
};
