import type { BypassCard } from '#application/ports/card';
import type { PreparedApproval, ProviderSetting } from '#application/ports/sign-in';
import { bypassId, personId, tenantId } from '#domain/ids';
import { compose } from '#ledger/statement';
import { approved } from '../domain/events.ts';
import { B1, scope } from '../domain/commands.ts';
import { rRoe } from '../domain/people.ts';

const MINUTE_MS = 60_000;
const requester = { person: personId('jDoe'), account: { team: 'T1', user: 'U1' }, name: 'J. Doe' };

export const waitingCard = (has: Partial<BypassCard> = {}): BypassCard => ({
  bypass: B1,
  drill: false,
  evaluation: false,
  phase: 'waiting',
  gate: 'image-policy',
  gateDescription: 'Only signed images reach production',
  scope: scope(),
  severity: 'sev1',
  justification: 'Checkout is down, the rollback image is unsigned.',
  incident: 'INC-1234',
  requester,
  tiers: ['high'],
  requirements: [{ from: 'release', count: 2, have: 1, asked: [], gone: [] }],
  approvals: [],
  ttlAskedMs: 60 * MINUTE_MS,
  grantableMs: [60 * MINUTE_MS],
  stepUp: true,
  openedAt: Date.now() - 3 * MINUTE_MS,
  pendingUntilAt: Date.now() + 27 * MINUTE_MS,
  escalated: false,
  extends: null,
  grant: null,
  end: null,
  openBesideUntil: null,
  deploys: [],
  receipt: { index: 7, size: 8, root: 'cm9vdA==' },
  postMortem: null,
  earlierDenials: [],
  reference: 6,
  claims: [],
  questions: 0,
  otherActive: [],
  nobodyFor: [],
  earlierUndecided: { withdrawn: 0, lapsed: 0 },
  nextStep: null,
  ...has,
});

/** R. Roe's approval of an hour for checkout in production, pressed just now. */
export function preparedApproval(
  provider: ProviderSetting,
  has: Partial<PreparedApproval> = {},
): PreparedApproval {
  const at = Date.now();
  const { bytes, digest } = compose(
    {
      tenant: 'acme',
      log: 'breakglass.example/log/acme',
      followsFrom: [],
      event: approved(rRoe, { at }),
    },
    () => new Uint8Array(16),
  );
  return {
    tenant: tenantId('acme'),
    bypass: bypassId('b1'),
    statement: bytes,
    digest,
    approver: {
      person: rRoe,
      account: { team: 'T0ACME0001', user: 'U0RELEASE1' },
      name: 'R. Roe',
      binding: null,
      mustBeEmail: 'release1@acme.example',
    },
    ttlMs: 60 * MINUTE_MS,
    card: waitingCard(),
    pressedAt: at,
    expiresAt: at + 10 * MINUTE_MS,
    provider,
    ...has,
  };
}
