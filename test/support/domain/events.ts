import { SERVICE } from '#domain/actor';
import type {
  ApprovalGiven,
  BypassActivated,
  BypassClosed,
  BypassEvent,
  DeployAnnotated,
  PostMortemOpened,
  RequestOpened,
} from '#domain/bypass/event';
import { chainId, type PersonId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { B1, scope } from './commands.ts';
import { REQUEST_DIGEST, T0 } from './contexts.ts';
import { jDoe, mMoe, rRoe } from './people.ts';
import { V1 } from './policies.ts';

const C1 = chainId('b1');
const base = {
  at: T0,
  actor: SERVICE,
  chain: C1,
  bypass: B1,
  drill: false,
  gate: 'image-policy',
  scope: scope(),
} as const;
const byPerson = (person: PersonId) => ({ kind: 'person', person }) as const;

/** J. Doe asks at 02:00 for an hour of checkout in production: tier `high`, two of release. */
export const opened = (has: Partial<RequestOpened> = {}): RequestOpened => ({
  ...base,
  type: 'request.opened',
  actor: byPerson(jDoe),
  requester: jDoe,
  severity: null,
  ttlAskedMs: HOUR_MS,
  policy: V1,
  tiers: ['high'],
  unknown: [],
  pendingUntilAt: T0 + 30 * MINUTE_MS,
  extends: null,
  lookUps: [],
  detached: { justification: 'Checkout is down, rollback image is unsigned.' },
  ...has,
});

export const approved = (by: PersonId, has: Partial<ApprovalGiven> = {}): ApprovalGiven => ({
  ...base,
  type: 'approval.given',
  at: T0 + MINUTE_MS,
  actor: byPerson(by),
  approver: by,
  request: REQUEST_DIGEST,
  ttlMs: HOUR_MS,
  policy: V1,
  signing: 'attested',
  steppedUp: true,
  lookUps: [],
  ...has,
});

/** The gate opens at 02:02 until 03:02. */
export const ACTIVATED_AT = T0 + 2 * MINUTE_MS;
export const EXPIRES_AT = ACTIVATED_AT + HOUR_MS;
export const activated = (has: Partial<BypassActivated> = {}): BypassActivated => ({
  ...base,
  type: 'bypass.activated',
  at: ACTIVATED_AT,
  ttlMs: HOUR_MS,
  expiresAt: EXPIRES_AT,
  policy: V1,
  inFlight: 'cancel',
  assigned: [
    { from: 'release', person: rRoe },
    { from: 'release', person: mMoe },
  ],
  lookUps: [],
  ...has,
});

/** Asked, approved by both of release, open. */
export const active = (has: Partial<BypassActivated> = {}): readonly BypassEvent[] => [
  opened(),
  approved(rRoe),
  approved(mMoe),
  activated(has),
];

export const escalated = (afterMs = 5 * MINUTE_MS): BypassEvent => ({
  ...base,
  type: 'request.escalated',
  at: T0 + afterMs,
  afterMs,
  added: ['db-senior'],
});

export const denied = (by: PersonId): BypassEvent => ({
  ...base,
  type: 'request.denied',
  actor: byPerson(by),
  at: T0 + 11 * MINUTE_MS,
  by,
  lookUps: [],
  detached: { reason: 'Use the rollback pipeline.' },
});

export const withdrawn = (): BypassEvent => ({
  ...base,
  type: 'request.withdrawn',
  actor: byPerson(jDoe),
});
export const lapsed = (): BypassEvent => ({ ...base, type: 'request.lapsed' });

export const closed = (has: Partial<BypassClosed> = {}): BypassClosed => ({
  ...base,
  type: 'bypass.closed',
  at: EXPIRES_AT,
  how: 'expired',
  endedAt: EXPIRES_AT,
  lookUps: [],
  ...has,
});

export const deployed = (has: Partial<DeployAnnotated> = {}): DeployAnnotated => ({
  ...base,
  type: 'deploy.annotated',
  at: ACTIVATED_AT,
  deploy: 'run-7#1',
  service: 'checkout',
  environment: 'production',
  branch: 'main',
  commit: 'c0ffee',
  artifact: { name: 'registry.example/checkout', digest: 'sha256:9f2c' },
  facts: 'verified',
  decision: 'd-1',
  adoptedFrom: null,
  ...has,
});

export const finished = (outcome: 'succeeded' | 'failed' | 'cancelled'): BypassEvent => ({
  ...base,
  type: 'deploy.finished',
  deploy: 'run-7#1',
  outcome,
});

export const reverting = (result: 'pending' | 'done' | 'too-late' | 'unknown'): BypassEvent => ({
  ...base,
  type: 'deploy.reverted',
  deploy: 'run-7#1',
  action: 'cancel',
  result,
});

export const postMortemOpened = (assignee: PersonId): PostMortemOpened => ({
  ...base,
  type: 'post-mortem.opened',
  at: EXPIRES_AT,
  assignee,
  dueAt: EXPIRES_AT + 7 * 24 * HOUR_MS,
});
