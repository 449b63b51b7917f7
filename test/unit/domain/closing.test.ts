import { describe, it } from 'vitest';
import type { OtherBypass } from '#domain/bypass/context';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { B1, B2, close, expire, revoke, scope } from '#test/support/domain/commands';
import { contextAt, T0 } from '#test/support/domain/contexts';
import {
  active as activeEvents,
  closed,
  deployed,
  EXPIRES_AT,
  finished,
  lapsed,
  opened,
} from '#test/support/domain/events';
import { aPoe, jDoe, mMoe, oAdmin, rRoe } from '#test/support/domain/people';
import { policy, V1 } from '#test/support/domain/policies';
import { given } from '#test/support/domain/specification';

const NOW = T0 + 20 * MINUTE_MS;
const now = contextAt(NOW);
const active = activeEvents();
/** Every close of a chain's last bypass opens its post-mortem. */
const postMortem = { type: 'post-mortem.opened' } as const;

describe('expiry', () => {
  it('is refused before its time', () => {
    given(...active)
      .when(expire(), contextAt(EXPIRES_AT - 1))
      .thenExpect('not-due');
  });

  it('comes at its time, by the service', () => {
    given(...active)
      .when(expire(), contextAt(EXPIRES_AT))
      .thenExpect([
        { type: 'bypass.closed', how: 'expired', endedAt: EXPIRES_AT, actor: { kind: 'service' } },
        postMortem,
      ]);
  });

  it('ended when it was to end, even if every replica was dead then', () => {
    const late = EXPIRES_AT + 8 * HOUR_MS;
    given(...active)
      .when(expire(), contextAt(late))
      .thenExpect([{ type: 'bypass.closed', at: late, endedAt: EXPIRES_AT }, postMortem]);
  });

  it('comes once', () => {
    given(...active, closed())
      .when(expire(), contextAt(EXPIRES_AT))
      .thenExpect('already-decided');
  });
});

describe('closing', () => {
  it("is the requester's: the fix is out", () => {
    given(...active)
      .when(close(jDoe), now)
      .thenExpect([
        {
          type: 'bypass.closed',
          how: 'closed',
          endedAt: NOW,
          actor: { kind: 'person', person: jDoe },
        },
        postMortem,
      ]);
  });

  it("is nobody else's, not even an admin's, who revokes", () => {
    given(...active)
      .when(close(rRoe), now)
      .thenExpect({ code: 'not-allowed', needs: 'requester' });
    given(...active)
      .when(close(oAdmin), now)
      .thenExpect('not-allowed');
  });

  it('is refused to a requester who has left', () => {
    given(...active)
      .when(close(jDoe), contextAt(NOW, { standings: { [jDoe]: 'deactivated' } }))
      .thenExpect('cannot-act');
  });

  it('after the expiry finds that it has expired', () => {
    given(...active)
      .when(close(jDoe), contextAt(EXPIRES_AT))
      .thenExpect([
        { type: 'bypass.closed', how: 'expired', endedAt: EXPIRES_AT, actor: { kind: 'service' } },
        postMortem,
      ]);
  });
});

describe('revoking', () => {
  it.each([
    ['an approver of the request', mMoe],
    ['an admin', oAdmin],
  ])('is open to %s, and says why', (_, by) => {
    given(...active)
      .when(revoke(by), now)
      .thenExpect([
        {
          type: 'bypass.closed',
          how: 'revoked',
          endedAt: NOW,
          actor: { kind: 'person', person: by },
          detached: { reason: 'Wrong service.' },
        },
        postMortem,
      ]);
  });

  it('is open to an approver who has left the group since, and while look-ups fail', () => {
    const context = contextAt(NOW, { groups: { release: [] }, failing: ['admins'] });
    given(...active)
      .when(revoke(rRoe), context)
      .thenExpect([{ type: 'bypass.closed' }, postMortem]);
  });

  it('is open to a requester who is an admin, and to no other requester', () => {
    given(...active)
      .when(revoke(jDoe), now)
      .thenExpect({ code: 'not-allowed', needs: 'approver-or-admin' });
    given(...active)
      .when(revoke(jDoe), contextAt(NOW, { groups: { admins: [jDoe] } }))
      .thenExpect([{ type: 'bypass.closed', how: 'revoked' }, postMortem]);
  });

  it('is refused to everyone else', () => {
    given(...active)
      .when(revoke(aPoe), now)
      .thenExpect('not-allowed');
  });

  it('is refused where no group is admin', () => {
    const policies = { [V1]: policy({ admins: [] }) };
    given(...active)
      .when(revoke(oAdmin), contextAt(NOW, { policies }))
      .thenExpect('not-allowed');
  });

  it('is refused while nobody can tell who is an admin', () => {
    given(...active)
      .when(revoke(oAdmin), contextAt(NOW, { failing: ['admins'] }))
      .thenExpect({ code: 'look-up-failed', groups: ['admins'] });
  });

  it('is refused to an approver who is a guest by now', () => {
    given(...active)
      .when(revoke(rRoe), contextAt(NOW, { standings: { [rRoe]: 'guest' } }))
      .thenExpect({ code: 'cannot-act', standing: 'guest' });
  });

  it('after the expiry finds that it has expired, and keeps no reason', () => {
    given(...active)
      .when(revoke(rRoe), contextAt(EXPIRES_AT + 1))
      .thenExpect([
        { type: 'bypass.closed', how: 'expired', endedAt: EXPIRES_AT, actor: { kind: 'service' } },
        postMortem,
      ]);
  });

  it('of a request that waits is refused: it is denied or withdrawn', () => {
    given(opened()).when(revoke(rRoe), now).thenExpect({ code: 'not-active', phase: 'waiting' });
  });

  it('of what has ended is refused', () => {
    given(opened(), lapsed())
      .when(revoke(rRoe), now)
      .thenExpect({ code: 'already-decided', phase: 'lapsed' });
    given(...active, closed())
      .when(revoke(rRoe), now)
      .thenExpect({ code: 'already-decided', phase: 'closed' });
  });
});

describe('a deploy in flight at the close', () => {
  const alive = { leases: { 'run-7#1': NOW + 1 } };
  const other = (has: Partial<OtherBypass> = {}): OtherBypass => ({
    id: B2,
    gate: 'image-policy',
    scope: scope(),
    drill: false,
    expiresAt: NOW + HOUR_MS,
    ...has,
  });
  const closing = (more: Parameters<typeof contextAt>[2]) =>
    given(...active, deployed()).when(close(jDoe), contextAt(NOW, {}, more));

  it('is put back under enforcement, as its tier says', () => {
    closing(alive).thenExpect([
      { type: 'bypass.closed' },
      { type: 'deploy.reverted', deploy: 'run-7#1', action: 'cancel', result: 'pending' },
      postMortem,
    ]);
  });

  it.each([
    ['lapsed', { leases: { 'run-7#1': NOW } }],
    ['never had', { leases: {} }],
  ])('is unknown when its lease is %s', (_, more) => {
    closing(more).thenExpect([
      { type: 'bypass.closed' },
      { type: 'deploy.reverted', result: 'unknown' },
      postMortem,
    ]);
  });

  it('is adopted by another active bypass that covers it', () => {
    closing({ ...alive, others: [other()] }).thenExpect([
      { type: 'bypass.closed' },
      { type: 'deploy.adopted', deploy: 'run-7#1', by: B2 },
      postMortem,
    ]);
  });

  it.each([
    ['that is the one that closes', { id: B1 }],
    ['that is a drill', { drill: true }],
    ['that has expired, though no close is recorded', { expiresAt: NOW }],
    ['of another gate', { gate: 'deploy-window' }],
    ['of another environment', { scope: scope({ environment: 'staging' }) }],
    ['of another branch', { scope: scope({ branch: 'hotfix/1' }) }],
    ['of another artifact', { scope: scope({ artifact: 'sha256:0000' }) }],
  ])('is not adopted by a bypass %s', (_, has) => {
    closing({ ...alive, others: [other(has)] }).thenExpect([
      { type: 'bypass.closed' },
      { type: 'deploy.reverted', result: 'pending' },
      postMortem,
    ]);
  });

  it('is left alone once it has finished', () => {
    given(...active, deployed(), finished('succeeded'))
      .when(close(jDoe), contextAt(NOW, {}, alive))
      .thenExpect([{ type: 'bypass.closed' }, postMortem]);
  });

  it('is one of several, each on its own', () => {
    const second = deployed({ deploy: 'run-8#1', branch: 'hotfix/1' });
    given(...active, deployed(), second)
      .when(
        expire(),
        contextAt(
          EXPIRES_AT,
          {},
          {
            leases: {},
            others: [other({ scope: scope({ branch: 'hotfix/1' }), expiresAt: EXPIRES_AT + 1 })],
          },
        ),
      )
      .thenExpect([
        { type: 'bypass.closed' },
        { type: 'deploy.reverted', deploy: 'run-7#1' },
        { type: 'deploy.adopted', deploy: 'run-8#1', by: B2 },
        postMortem,
      ]);
  });
});
