import { PEOPLE } from './company.ts';

/** The demo's policy: the three tiers of docs/policy.md, with a TTL short enough to be watched. */
export const DEMO_POLICY = `version: 1
tenant: acme
channels: { incidents: "C0INCIDENT", security: "C0SECURITY" }

services:
  checkout:  { owner: ${PEOPLE.onCall.id}, environments: [staging, production], labels: [customer-facing] }
  ledger-db: { owner: ${PEOPLE.senior.id}, environments: [staging, production], labels: [database] }

gates:
  image-policy:     { kind: http, description: "Only signed images reach production" }
  migration-review: { kind: http, description: "Schema changes are reviewed" }

groups:
  engineers: { slack_usergroup: S0ENGINEER }
  release:   { slack: [${PEOPLE.release1.id}, ${PEOPLE.release2.id}] }
  db-senior: { slack: [${PEOPLE.senior.id}] }

requesters: [engineers]
admins: [${PEOPLE.senior.id}]

tiers: # in order of strictness
  low:
    require: [{ from: engineers, count: 1 }]
    ttl: { offer: [10s, 15m, 1h, 4h], max: 4h }
  high:
    require: [{ from: release, count: 2 }]
    ttl: { offer: [10s, 15m, 1h], max: 1h }
    pending: 30m
    escalate: [{ after: 5m, add: [db-senior] }]
    in_flight: cancel
  production-database:
    require: [{ from: db-senior, count: 1 }]
    ttl: { offer: [10s, 15m, 1h], max: 1h }
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
