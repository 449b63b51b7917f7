import { describe, expect, test } from 'vitest';
import { bypassId, chainId, personId } from '#domain/ids';
import { leafHash, rootOf } from '#ledger/merkle';
import type { RecordedBypassEvent, RecordedOf } from '#ledger/recorded-event';
import type { History, Observation, TenantRecord, Violation } from '#test/support/races/history';
import { RULES, violationsOf } from '#test/support/races/rules/all';

/** Histories made by hand: one that keeps every rule, and for each rule one that breaks it. */

const TTL_MS = 900_000;
const first = 'b1';
const SCOPE = { service: 'checkout', environment: 'production', branch: null, artifact: null };
const FACTS = { gate: 'image-policy', ...SCOPE };

type Type = RecordedBypassEvent['type'];

/** An entry about the one bypass, as far as rules read it. */
function event<T extends Type>(type: T, has: Partial<RecordedOf<T>> = {}): RecordedBypassEvent {
  const base = {
    type,
    at: 1_000,
    actor: { kind: 'service' },
    chain: chainId(first),
    bypass: bypassId(first),
    drill: false,
    gate: 'image-policy',
    scope: SCOPE,
    detached: {},
  };
  return { ...base, ...has } as unknown as RecordedBypassEvent;
}

const opened = event('request.opened', { requester: personId('doe') });
const approved = (by: string) => event('approval.given', { approver: personId(by) });
const LOOK_UP = {
  policy: 'sha256:p',
  group: 'release',
  lookedUpAt: 900,
  outcome: 'members',
  members: [personId('roe'), personId('moe')],
} as const;
const ACTIVATION = {
  at: 1_000,
  expiresAt: 1_000 + TTL_MS,
  assigned: [
    { from: 'release', person: personId('roe') },
    { from: 'release', person: personId('moe') },
  ],
  lookUps: [LOOK_UP],
};
const activated = event('bypass.activated', ACTIVATION);
const closed = event('bypass.closed', { how: 'revoked', endedAt: 5_000 });
const reviewed = event('post-mortem.opened', { assignee: personId('owner'), dueAt: 9_000 });

const GOOD = [opened, approved('roe'), approved('moe'), activated, closed, reviewed];

function record(events: readonly RecordedBypassEvent[], has: Partial<TenantRecord> = {}) {
  const leaves = events.map((_, index) => leafHash(new Uint8Array([index])));
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return {
    tenant: 'acme',
    team: 'T1',
    at: 10_000_000,
    entries: events.map((one, index) => ({
      index,
      digest: `sha256:${index}`,
      leaf: hex(leaves[index] ?? new Uint8Array()),
      event: one,
    })),
    checkpoints: [3, events.length].map((size) => ({
      size,
      root: hex(rootOf(leaves.slice(0, size))),
    })),
    bypasses: [
      {
        id: first,
        chain: first,
        phase: 'closed',
        drill: false,
        requester: 'doe',
        expiresAt: 1_000 + TTL_MS,
        endedAt: 5_000,
        shows: 'closed',
      },
    ],
    presses: ['k1', 'k2', 'k3', 'k4'].map((key) => ({
      key,
      account: 'T1/U1',
      outcome: 'done' as const,
      awaitsSignIn: false,
    })),
    surfaces: [{ id: 's1', bypass: first, kind: 'incident', wanted: 2, shown: 2, posted: true }],
    notes: [{ id: 'n1', account: 'T1/U1', kind: 'refusal', told: true }],
    jobs: [{ queue: 'surface', state: 'completed', about: 's1' }],
    deadlines: [{ kind: 'remind', bypass: first, dueAt: 9_000 }],
    people: { 'T1/U1': 'doe', 'T1/U2': 'roe', 'T1/U3': 'moe' },
    ...has,
  } satisfies TenantRecord;
}

const answered = (has: Partial<Extract<Observation, { kind: 'answered' }>> = {}): Observation => ({
  kind: 'answered',
  moment: 6,
  tenant: 'acme',
  asked: 5,
  replica: 0,
  skewMs: 0,
  round: 1,
  facts: FACTS,
  decision: 'bypass',
  reason: 'bypassed',
  entry: 'sha256:3',
  expiresAt: 1_000 + TTL_MS,
  serverTime: 2_000,
  database: 'up',
  inTime: true,
  ...has,
});
const committed = (moment: number, size: number): Observation => ({
  kind: 'committed',
  moment,
  tenant: 'acme',
  size,
});
const published = (
  has: Partial<Extract<Observation, { kind: 'published' }>> = {},
): Observation => ({
  kind: 'published',
  moment: 9,
  tenant: 'acme',
  surface: 's1',
  bypass: first,
  channel: 'C1',
  team: 'T1',
  drill: false,
  shows: 'closed',
  begun: has.moment ?? 9,
  at: 6_000,
  outcome: 'sent',
  ...has,
});
const paged: Observation = {
  kind: 'paged',
  moment: 10,
  tenant: 'acme',
  page: 'p1',
  about: 'resolved',
  bypass: first,
};
const approve = { kind: 'approve', bypass: bypassId(first), ttlMs: TTL_MS } as const;
const complete = { kind: 'complete', bypass: bypassId(first), outcome: 'done' } as const;
const extend = {
  kind: 'extend',
  bypass: bypassId(first),
  ttlMs: TTL_MS,
  justification: 'longer',
} as const;
const acknowledged: readonly Observation[] = [extend, approve, approve, complete].map(
  (action, place) => ({
    kind: 'acknowledged',
    moment: 1,
    tenant: 'acme',
    key: `k${place + 1}`,
    account: 'T1/U1',
    action,
  }),
);
const SEEN: readonly Observation[] = [
  ...acknowledged,
  committed(2, 1),
  committed(4, 4),
  answered(),
  committed(7, 6),
  published(),
  paged,
];

function history(
  events: readonly RecordedBypassEvent[] = GOOD,
  has: Partial<TenantRecord> = {},
  more: readonly Observation[] = [],
  observed: readonly Observation[] = SEEN,
): History {
  return { observed: [...observed, ...more], tenants: [record(events, has)] };
}

const without = (kind: Observation['kind']) => SEEN.filter((one) => one.kind !== kind);

/** The numbers of the rules that a history breaks. */
const broken = (violations: readonly Violation[]) => new Set(violations.map((one) => one.rule));

test('a history in which all went well breaks no rule', () => {
  expect(violationsOf(history())).toEqual([]);
});

const BREACHES: readonly (readonly [number, string, History])[] = [
  [1, 'a request is activated twice', history([...GOOD, activated])],
  [2, 'the gate opens without an activation', history(GOOD, {}, [answered({ entry: 'sha256:9' })])],
  [
    2,
    'a drill opens the gate',
    history([...GOOD.slice(0, 3), { ...activated, drill: true }, closed]),
  ],
  [
    2,
    'the gate opens before the activation is committed',
    history(GOOD, {}, [answered({ asked: 2, moment: 3 })]),
  ],
  [
    2,
    'the gate stays shut although the bypass is active',
    history(GOOD, {}, [answered({ decision: 'enforce', reason: 'no-bypass', entry: null })]),
  ],
  [3, 'at expiry', history(GOOD, {}, [answered({ serverTime: 1_000 + TTL_MS })])],
  [3, 'after a revocation, by the clock', history(GOOD, {}, [answered({ serverTime: 5_001 })])],
  [
    3,
    'to a question asked after the revocation was committed',
    history(GOOD, {}, [answered({ asked: 8, moment: 9 })]),
  ],
  [4, 'the requester approves', history([...GOOD, approved('doe')])],
  [
    4,
    'one person counts twice',
    history([
      ...GOOD.slice(0, 3),
      event('bypass.activated', {
        ...ACTIVATION,
        assigned: [
          { from: 'release', person: personId('roe') },
          { from: 'release', person: personId('roe') },
        ],
      }),
      closed,
      reviewed,
    ]),
  ],
  [4, 'somebody counts who never approved', history(GOOD.filter((one) => one !== GOOD[2]))],
  [
    4,
    'somebody counts who was in no group at the commit',
    history([
      ...GOOD.slice(0, 3),
      event('bypass.activated', { ...ACTIVATION, lookUps: [{ ...LOOK_UP, lookedUpAt: -60_000 }] }),
      closed,
      reviewed,
    ]),
  ],
  [4, 'an approver is nobody of the tenant', history(GOOD, { people: { 'T1/U1': 'doe' } })],
  [
    5,
    'another environment passes',
    history(GOOD, {}, [answered({ facts: { ...FACTS, environment: 'staging' } })]),
  ],
  [
    5,
    'a deploy is annotated outside the scope',
    history([
      ...GOOD,
      event('deploy.annotated', {
        deploy: 'run-1#1',
        service: 'search',
        environment: 'production',
        branch: null,
        artifact: null,
      }),
    ]),
  ],
  [
    6,
    'the gate opens while the database is gone',
    history(GOOD, {}, [answered({ database: 'gone' })]),
  ],
  [
    6,
    'nothing is said in time while the database is slow',
    history(GOOD, {}, [
      answered({ database: 'slow', decision: 'enforce', reason: 'unavailable', inTime: false }),
    ]),
  ],
  [
    7,
    'an entry is missing',
    history(GOOD, { entries: record(GOOD).entries.filter((one) => one.index !== 2) }),
  ],
  [
    7,
    'a checkpoint is of another log',
    history(GOOD, {
      checkpoints: [{ size: 2, root: '00' }, ...record(GOOD).checkpoints],
    }),
  ],
  [7, 'the log was longer once', history(GOOD, {}, [committed(11, 9)])],
  [8, 'an acknowledged press is gone', history(GOOD, { presses: [] })],
  [
    8,
    'an acknowledged press is never settled',
    history(GOOD, { presses: record(GOOD).presses.map((one) => ({ ...one, outcome: null })) }),
  ],
  [8, 'one press opens two requests', history([...GOOD, opened])],
  [8, 'a card is about what was rolled back', history(GOOD, {}, [published({ bypass: 'b9' })])],
  [
    8,
    'a deadline is about what was rolled back',
    history(GOOD, {
      deadlines: [...record(GOOD).deadlines, { kind: 'expire', bypass: 'b9', dueAt: 1 }],
    }),
  ],
  [8, 'what was opened has no row', history(GOOD, { bypasses: [] })],
  [9, 'the last card shows another state', history(GOOD, {}, [published({ shows: 'active' })])],
  [
    9,
    'a card is behind',
    history(GOOD, {
      surfaces: [{ id: 's1', bypass: first, kind: 'incident', wanted: 3, shown: 2, posted: true }],
    }),
  ],
  [
    9,
    'a note is never told',
    history(GOOD, { notes: [{ id: 'n1', account: 'T1/U1', kind: 'refusal', told: false }] }),
  ],
  [9, 'a job is left', history(GOOD, { jobs: [{ queue: 'note', state: 'retry', about: 'n1' }] })],
  [9, 'the end is never paged', history(GOOD, {}, [], without('paged'))],
  [
    10,
    'a channel is sent to before its Retry-After',
    history(GOOD, {}, [
      published({ moment: 11, at: 7_000, outcome: { retryAfterMs: 2_000 } }),
      { kind: 'limited', moment: 12, tenant: 'acme', message: 11 },
      published({ moment: 13, at: 8_999 }),
    ]),
  ],
  [11, 'a bypass is closed twice', history([...GOOD, closed])],
  [11, 'a bypass is never closed', history([...GOOD.slice(0, 4), reviewed])],
  [11, 'what never was active is closed', history([...GOOD.slice(0, 3), closed, reviewed])],
  [
    12,
    'a card goes to the workspace of another tenant',
    { ...twoTenants(), observed: [...SEEN, published({ team: 'T2' })] },
  ],
  [
    12,
    'an answer names the activation of another tenant',
    { ...twoTenants(), observed: [...SEEN, answered({ entry: 'sha256:other' })] },
  ],
  [
    13,
    'replicas whose clocks differ decide differently',
    history(GOOD, {}, [
      answered({ round: 7 }),
      answered({ round: 7, skewMs: 600_000, decision: 'enforce', reason: 'unavailable' }),
    ]),
  ],
  [14, 'a chain is over without a post-mortem', history(GOOD.slice(0, 5))],
  [14, 'a chain has two post-mortems', history([...GOOD, reviewed])],
  [14, 'nobody is reminded', history(GOOD, { deadlines: [] })],
  [
    14,
    'a review that is done is still chased',
    history([...GOOD, event('post-mortem.completed', { by: personId('owner') })]),
  ],
  [
    14,
    'a drill has a post-mortem',
    history(GOOD, { bypasses: record(GOOD).bypasses.map((one) => ({ ...one, drill: true })) }),
  ],
];

function twoTenants(): History {
  const other = record([event('bypass.activated', { ...ACTIVATION, bypass: bypassId('b2') })]);
  const [entry] = other.entries;
  return {
    observed: SEEN,
    tenants: [
      record(GOOD),
      {
        ...other,
        tenant: 'other',
        team: 'T2',
        entries: entry === undefined ? [] : [{ ...entry, digest: 'sha256:other' }],
        bypasses: [],
        presses: [],
        surfaces: [],
        notes: [],
        deadlines: [],
        jobs: [],
      },
    ],
  };
}

describe.each(BREACHES)('rule %i is broken when', (rule, what, breach) => {
  test(what, () => {
    expect(broken(violationsOf(breach))).toContain(rule);
  });
});

test('every rule has a breach that it catches', () => {
  const caught = new Set(BREACHES.map(([rule]) => rule));
  expect([...caught].toSorted((a, b) => a - b)).toEqual(RULES.map((_, place) => place + 1));
});
