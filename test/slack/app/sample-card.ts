import type { BypassCard, PersonView } from '#application/ports/card';
import { bypassId, personId, tenantId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';

export const TEAM = 'T0ACME0001';
export const TENANT = tenantId('acme');
export const DOE = 'U0DOE00001';
export const ROE = 'U0ROE00001';
export const MOE = 'U0MOE00001';

const person = (name: string, user: string, team = TEAM): PersonView => ({
  person: personId(name),
  account: { team, user },
  name,
});
export const doe = person('J. Doe', DOE);
export const roe = person('R. Roe', ROE);
export const moe = person('M. Moe', MOE);

/** 2026-11-22 01:47 UTC. */
export const AT = Date.UTC(2026, 10, 22, 1, 47);
export const DIGEST = `sha256:${'9f2c'.repeat(16)}`;
export const receipt = (index: number) => ({
  index,
  size: index + 1,
  root: 'kqZ0c3RhdGVtZW50LXJvb3QtaW4tYmFzZTY0LXRleHQ=',
});

export const given = (by: PersonView, index: number): BypassCard['approvals'][number] => ({
  by,
  ttlMs: HOUR_MS,
  at: AT + MINUTE_MS,
  signing: 'attested',
  receipt: receipt(index),
});

/** A request for two of @release that waits. */
export function waiting(change: Partial<BypassCard> = {}): BypassCard {
  return {
    bypass: bypassId('bp_7Q2'),
    drill: false,
    evaluation: false,
    phase: 'waiting',
    gate: 'image-policy',
    gateDescription: 'Only signed images reach production',
    scope: { service: 'checkout', environment: 'production', branch: null, artifact: DIGEST },
    severity: 'sev1',
    justification: 'Checkout is down, rollback image is unsigned.',
    incident: 'INC-4312',
    requester: doe,
    tiers: ['high'],
    requirements: [{ from: 'release', count: 2, have: 0, asked: [roe, moe], gone: [] }],
    approvals: [],
    ttlAskedMs: HOUR_MS,
    grantableMs: [15 * MINUTE_MS, HOUR_MS],
    stepUp: false,
    openedAt: AT,
    pendingUntilAt: AT + 30 * MINUTE_MS,
    escalated: false,
    extends: null,
    grant: null,
    end: null,
    deploys: [],
    receipt: receipt(1041),
    openBesideUntil: null,
    postMortem: null,
    earlierDenials: [],
    reference: 1041,
    claims: [],
    questions: 0,
    otherActive: [],
    nobodyFor: [],
    earlierUndecided: { withdrawn: 0, lapsed: 0 },
    nextStep: null,
    ...change,
  };
}

export function active(change: Partial<BypassCard> = {}): BypassCard {
  return waiting({
    phase: 'active',
    requirements: [{ from: 'release', count: 2, have: 2, asked: [roe, moe], gone: [] }],
    approvals: [given(roe, 1042), given(moe, 1043)],
    grant: { ttlMs: HOUR_MS, activatedAt: AT, expiresAt: AT + HOUR_MS },
    receipt: receipt(1044),
    ...change,
  });
}

export const deploy = (
  state: BypassCard['deploys'][number]['state'],
): BypassCard['deploys'][number] => ({
  key: `run-${state.status}#1`,
  service: 'checkout',
  environment: 'production',
  branch: 'main',
  commit: '9f2c0d1e2f3a4b5c',
  artifact: { name: 'acme/checkout', digest: DIGEST },
  facts: 'verified',
  annotatedAt: AT + 5 * MINUTE_MS,
  state,
  url: 'https://ci.example/run/1',
  deployedBy: 'deploy-bot',
  provenanceUri: null,
  receipt: receipt(1045),
});

export function closed(change: Partial<BypassCard> = {}): BypassCard {
  return active({
    phase: 'closed',
    end: { how: 'expired', by: null, at: AT + HOUR_MS, reason: null, enforces: true },
    deploys: [
      deploy({ status: 'finished', outcome: 'succeeded' }),
      deploy({ status: 'adopted', by: bypassId('bp_8') }),
      deploy({ status: 'reverting', result: 'done' }),
    ],
    postMortem: { assignee: doe, dueAt: Date.UTC(2026, 10, 27, 12), completedAt: null },
    ...change,
  });
}
