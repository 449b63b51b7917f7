import { describe, it } from 'vitest';
import { MINUTE_MS } from '#domain/instant';
import { deny, escalate, lapse, withdraw } from '#test/support/domain/commands';
import { contextAt, T0 } from '#test/support/domain/contexts';
import {
  active,
  approved,
  closed,
  denied,
  escalated,
  lapsed,
  opened,
  withdrawn,
} from '#test/support/domain/events';
import { aPoe, dBrown, jDoe, mMoe, rRoe } from '#test/support/domain/people';
import { examplePolicy, policyWithTier, V1, V2 } from '#test/support/domain/policies';
import { given } from '#test/support/domain/specification';

const NOW = T0 + 6 * MINUTE_MS;
const now = contextAt(NOW);
const DEADLINE = T0 + 30 * MINUTE_MS;
const decided = [
  ['denied', [opened(), denied(rRoe)]],
  ['withdrawn', [opened(), withdrawn()]],
  ['lapsed', [opened(), lapsed()]],
  ['active', active()],
  ['closed', [...active(), closed()]],
] as const;

describe('a denial', () => {
  it('ends the request, with its reason apart', () => {
    given(opened())
      .when(deny(rRoe), now)
      .thenExpect([
        {
          type: 'request.denied',
          by: rRoe,
          at: NOW,
          actor: { kind: 'person', person: rRoe },
          detached: { reason: 'Use the rollback pipeline.' },
        },
      ]);
  });

  it('ends it although others have approved, and by one of them who thought again', () => {
    given(opened(), approved(rRoe))
      .when(deny(mMoe), now)
      .thenExpect([{ type: 'request.denied' }]);
    given(opened(), approved(rRoe))
      .when(deny(rRoe), now)
      .thenExpect([{ type: 'request.denied' }]);
  });

  it('is no matter for the requester, who withdraws', () => {
    given(opened()).when(deny(jDoe), now).thenExpect('own-request');
  });

  it('is refused to whoever is in no group that is asked', () => {
    given(opened()).when(deny(aPoe), now).thenExpect('not-an-approver');
    given(opened()).when(deny(dBrown), now).thenExpect('not-an-approver');
  });

  it('is open to those whom escalation added', () => {
    given(opened(), escalated())
      .when(deny(dBrown), now)
      .thenExpect([{ type: 'request.denied' }]);
  });

  it('is refused to whoever may only look on', () => {
    given(opened())
      .when(deny(rRoe), contextAt(NOW, { standings: { [rRoe]: 'foreign' } }))
      .thenExpect({ code: 'cannot-act', standing: 'foreign' });
  });

  it('is refused while nobody can tell who is in the group', () => {
    given(opened())
      .when(deny(rRoe), contextAt(NOW, { failing: ['release'] }))
      .thenExpect({ code: 'look-up-failed', groups: ['release'] });
  });

  it('needs eligibility under one version only: saying no is always safe', () => {
    const toSeniors = policyWithTier('high', { requirements: [{ from: 'db-senior', count: 1 }] });
    const policies = { [V1]: examplePolicy, [V2]: toSeniors };
    const changed = contextAt(NOW, { policies, current: V2 });
    given(opened())
      .when(deny(rRoe), changed)
      .thenExpect([{ type: 'request.denied' }]);
    given(opened())
      .when(deny(dBrown), changed)
      .thenExpect([{ type: 'request.denied' }]);
    given(opened()).when(deny(aPoe), changed).thenExpect('not-an-approver');
  });

  it.each(decided)('of a request that is %s is refused', (phase, history) => {
    given(...history)
      .when(deny(rRoe), now)
      .thenExpect({ code: 'already-decided', phase });
  });

  it('of an unknown request is refused', () => {
    given().when(deny(rRoe), now).thenExpect('unknown-bypass');
  });
});

describe('a withdrawal', () => {
  it("is the requester's", () => {
    given(opened(), approved(rRoe))
      .when(withdraw(jDoe), now)
      .thenExpect([{ type: 'request.withdrawn', actor: { kind: 'person', person: jDoe } }]);
  });

  it("is nobody else's", () => {
    given(opened())
      .when(withdraw(rRoe), now)
      .thenExpect({ code: 'not-allowed', needs: 'requester' });
  });

  it.each(decided)('of a request that is %s is refused', (phase, history) => {
    given(...history)
      .when(withdraw(jDoe), now)
      .thenExpect({ code: 'already-decided', phase });
  });
});

describe('a lapse', () => {
  it('comes at the deadline, not before', () => {
    given(opened())
      .when(lapse(), contextAt(DEADLINE - 1))
      .thenExpect('not-due');
    given(opened())
      .when(lapse(), contextAt(DEADLINE))
      .thenExpect([{ type: 'request.lapsed', actor: { kind: 'service' }, at: DEADLINE }]);
  });

  it.each(decided)('of a request that is %s is refused', (phase, history) => {
    given(...history)
      .when(lapse(), contextAt(DEADLINE))
      .thenExpect({ code: 'already-decided', phase });
  });
});

describe('an escalation', () => {
  it('comes with its step, not before, and names whom it adds', () => {
    given(opened())
      .when(escalate(), contextAt(T0 + 5 * MINUTE_MS - 1))
      .thenExpect('not-due');
    given(opened())
      .when(escalate(), contextAt(T0 + 5 * MINUTE_MS))
      .thenExpect([{ type: 'request.escalated', afterMs: 5 * MINUTE_MS, added: ['db-senior'] }]);
  });

  it('comes once a step', () => {
    given(opened(), escalated()).when(escalate(), now).thenExpect('not-due');
  });

  it('takes all steps at once that a late tick has missed', () => {
    const steps = [
      { afterMs: 5 * MINUTE_MS, add: ['db-senior'] },
      { afterMs: 10 * MINUTE_MS, add: ['admins'] },
      { afterMs: 20 * MINUTE_MS, add: ['payments'] },
    ];
    const policies = { [V1]: policyWithTier('high', { escalation: steps }) };
    given(opened())
      .when(escalate(), contextAt(T0 + 15 * MINUTE_MS, { policies }))
      .thenExpect([
        { type: 'request.escalated', afterMs: 10 * MINUTE_MS, added: ['db-senior', 'admins'] },
      ]);
    given(opened(), escalated())
      .when(escalate(), contextAt(T0 + 20 * MINUTE_MS, { policies }))
      .thenExpect([
        { type: 'request.escalated', afterMs: 20 * MINUTE_MS, added: ['admins', 'payments'] },
      ]);
  });

  it('never comes where no tier has a step', () => {
    const policies = { [V1]: policyWithTier('high', { escalation: [] }) };
    given(opened()).when(escalate(), contextAt(NOW, { policies })).thenExpect('not-due');
  });

  it.each(decided)('of a request that is %s is refused', (phase, history) => {
    given(...history)
      .when(escalate(), now)
      .thenExpect({ code: 'already-decided', phase });
  });
});
