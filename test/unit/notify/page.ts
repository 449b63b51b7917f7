import type { BypassCard } from '#application/ports/card';
import type { Page } from '#application/ports/pager';
import { bypassId, personId } from '#domain/ids';

const NOON = Date.UTC(2026, 10, 22, 12);

export const card: BypassCard = {
  bypass: bypassId('bp-1'),
  drill: false,
  evaluation: false,
  phase: 'waiting',
  gate: 'image-policy',
  gateDescription: 'Only signed images reach production',
  scope: { service: 'checkout', environment: 'production', branch: null, artifact: 'sha256:9f2c' },
  severity: 'sev1',
  justification: 'Checkout is down, "rollback" image is unsigned \u{1F525}',
  incident: 'INC-4312',
  requester: { person: personId('p-1'), account: { team: 'T01', user: 'U07' }, name: 'J. Doe' },
  tiers: ['high'],
  requirements: [{ from: 'release', count: 2, have: 1, asked: [], gone: [] }],
  approvals: [],
  ttlAskedMs: 3_600_000,
  stepUp: false,
  grantableMs: [900_000, 3_600_000],
  openedAt: NOON,
  pendingUntilAt: NOON + 1_800_000,
  escalated: false,
  extends: null,
  grant: null,
  end: null,
  deploys: [],
  receipt: { index: 1042, size: 1043, root: 'a2taAAAA' },
  openBesideUntil: null,
  postMortem: null,
  earlierDenials: [],
  reference: 1042,
  claims: [],
  questions: 0,
  otherActive: [],
  nobodyFor: [],
  earlierUndecided: { withdrawn: 0, lapsed: 0 },
  nextStep: null,
};

export const page: Page = {
  id: 'msg-1',
  kind: 'asked',
  at: Date.now(),
  card,
  rings: ['0.1'],
  addresses: [],
  link: 'https://breakglass.example/b/bp-1',
};
