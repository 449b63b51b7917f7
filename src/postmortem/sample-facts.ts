import type { BypassCard, PersonView } from '#application/ports/card';
import type { PostMortemFacts } from '#application/ports/post-mortem-template';
import { bypassId, personId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';

const OPENED = Date.UTC(2026, 10, 22, 1, 45);
const ACTIVE = OPENED + 2 * MINUTE_MS;

const person = (id: string, name: string): PersonView => ({
  person: personId(id),
  account: { team: 'T01', user: id },
  name,
});
const asker = person('U07', 'J. Doe');
const approver = person('U11', 'R. Roe');

const receipt = (index: number) => ({
  index,
  size: index + 1,
  root: 'kqZ0n7xkq2Vd0l1Jv8nUuQ3m8c0X5n8Jq0m3Q2r7s1E=',
});

/** A bypass of which nothing is known that may be unknown. */
const sparseCard: BypassCard = {
  bypass: bypassId('0199f2c0-0000-7000-8000-000000000001'),
  drill: true,
  evaluation: true,
  phase: 'lapsed',
  gate: 'image-policy',
  gateDescription: '',
  scope: { service: 'checkout', environment: 'production', branch: null, artifact: null },
  severity: null,
  justification: null,
  incident: null,
  requester: asker,
  tiers: ['high'],
  requirements: [],
  approvals: [],
  ttlAskedMs: HOUR_MS,
  stepUp: false,
  grantableMs: [HOUR_MS],
  openedAt: OPENED,
  pendingUntilAt: OPENED + 30 * MINUTE_MS,
  escalated: false,
  extends: null,
  grant: null,
  end: null,
  deploys: [],
  receipt: receipt(1_040),
  openBesideUntil: null,
  postMortem: null,
  earlierDenials: [],
  reference: 1_037,
  claims: [],
  questions: 0,
  otherActive: [],
  nobodyFor: [],
  earlierUndecided: { withdrawn: 0, lapsed: 0 },
  nextStep: null,
};

/** A bypass with everything that one can have. */
const richCard: BypassCard = {
  ...sparseCard,
  bypass: bypassId('0199f2c0-0000-7000-8000-000000000002'),
  drill: false,
  evaluation: false,
  phase: 'closed',
  gateDescription: 'Only signed images reach production',
  scope: {
    service: 'checkout',
    environment: 'production',
    branch: 'hotfix',
    artifact: `sha256:${'9f2c'.repeat(16)}`,
  },
  severity: 'sev1',
  justification: 'Checkout is down, rollback image is unsigned.\nCustomers cannot pay.',
  incident: 'INC-4312',
  requirements: [{ from: 'release', count: 2, have: 2, asked: [approver], gone: [] }],
  approvals: [
    { by: approver, ttlMs: HOUR_MS, at: ACTIVE, signing: 'attested', receipt: receipt(1_041) },
    {
      by: person('U12', 'M. Moe'),
      ttlMs: HOUR_MS,
      at: ACTIVE,
      signing: 'provisional',
      receipt: receipt(1_042),
    },
  ],
  escalated: true,
  extends: sparseCard.bypass,
  grant: { ttlMs: HOUR_MS, activatedAt: ACTIVE, expiresAt: ACTIVE + HOUR_MS },
  end: {
    how: 'revoked',
    by: approver,
    at: ACTIVE + HOUR_MS,
    reason: 'The fix is out',
    enforces: true,
  },
  deploys: [
    {
      key: 'run-7#1',
      service: 'checkout',
      environment: 'production',
      branch: 'hotfix',
      commit: '4f0c2d9e',
      artifact: { name: 'checkout', digest: `sha256:${'9f2c'.repeat(16)}` },
      facts: 'claimed',
      annotatedAt: ACTIVE + MINUTE_MS,
      state: { status: 'finished', outcome: 'succeeded' },
      url: 'https://ci.example/run-7',
      deployedBy: 'j.doe',
      provenance: { digest: `sha256:${'7d1e'.repeat(16)}`, result: 'other-artifact' },
      provenanceUri: 'https://ci.example/run-7.intoto.jsonl',
      receipt: receipt(1_044),
    },
    {
      key: 'run-8#1',
      service: 'checkout',
      environment: 'production',
      branch: null,
      commit: null,
      artifact: null,
      facts: 'verified',
      annotatedAt: ACTIVE + 2 * MINUTE_MS,
      state: { status: 'reverting', result: 'too-late' },
      url: null,
      deployedBy: null,
      provenanceUri: null,
      receipt: receipt(1_045),
    },
  ],
  receipt: receipt(1_046),
  postMortem: { assignee: asker, dueAt: ACTIVE + 120 * HOUR_MS, completedAt: null },
  earlierDenials: [{ by: approver, at: OPENED - HOUR_MS, reason: 'Use the rollback pipeline' }],
};

/** Reviews that a template is tried on: everything there, and nothing there. */
export const SAMPLES = {
  rich: {
    card: richCard,
    earlier: [sparseCard],
    timeline: [
      { at: OPENED, what: 'J. Doe asked for a bypass' },
      { at: ACTIVE, what: 'R. Roe approved' },
    ],
    dueAt: ACTIVE + 120 * HOUR_MS,
  },
  sparse: { card: sparseCard, earlier: [], timeline: [], dueAt: OPENED + 120 * HOUR_MS },
} satisfies Record<string, PostMortemFacts>;
