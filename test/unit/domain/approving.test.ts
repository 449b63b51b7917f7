import { describe, expect, it } from 'vitest';
import { personId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { approve, B2, scope } from '#test/support/domain/commands';
import { contextAt, REQUEST_DIGEST, T0 } from '#test/support/domain/contexts';
import {
  approved,
  closed,
  denied,
  escalated,
  lapsed,
  opened,
  withdrawn,
  active,
} from '#test/support/domain/events';
import { aPoe, dBrown, jDoe, mMoe, rRoe } from '#test/support/domain/people';
import {
  digest,
  examplePolicy,
  policy,
  policyWithTier,
  V1,
  V2,
} from '#test/support/domain/policies';
import { given } from '#test/support/domain/specification';

const NOW = T0 + 2 * MINUTE_MS;
const now = contextAt(NOW);
const database = () =>
  opened({ scope: scope({ service: 'ledger-db' }), tiers: ['high', 'production-database'] });
const changedTo = (to: typeof examplePolicy) =>
  contextAt(NOW, { policies: { [V1]: examplePolicy, [V2]: to }, current: V2 });

describe('an approval', () => {
  it("is given in the approver's name, at the time of the press, for what they saw", () => {
    given(opened())
      .when(approve(rRoe), now)
      .thenExpect([
        {
          type: 'approval.given',
          at: T0 + MINUTE_MS,
          actor: { kind: 'person', person: rRoe },
          approver: rRoe,
          request: REQUEST_DIGEST,
          ttlMs: HOUR_MS,
          policy: V1,
          signing: 'attested',
        },
      ]);
  });

  it('records the look-ups relied on, cut down to the approver', () => {
    const [event] = given(opened()).when(approve(rRoe), now).events();
    expect(event).toMatchObject({
      lookUps: [
        { policy: V1, group: 'release', lookedUpAt: NOW, outcome: 'members', members: [rRoe] },
      ],
    });
  });

  it('records no look-up that was too old to rely on', () => {
    const old = contextAt(NOW, { lookUpsAgeMs: 60_000 }).lookUps;
    const context = contextAt(NOW, {}, { lookUps: [...old, ...contextAt(NOW).lookUps] });
    const [event] = given(opened()).when(approve(rRoe), context).events();
    expect(event).toMatchObject({ lookUps: [{ lookedUpAt: NOW }] });
  });

  it('may be for a shorter TTL than was asked', () => {
    given(opened())
      .when(approve(rRoe, { ttlMs: 15 * MINUTE_MS }), now)
      .thenExpect([{ type: 'approval.given', ttlMs: 15 * MINUTE_MS }]);
  });

  it('may be provisional where the tier only prefers it attested', () => {
    given(opened())
      .when(approve(rRoe, { signing: 'provisional', steppedUp: false }), now)
      .thenExpect([{ type: 'approval.given', signing: 'provisional' }]);
  });

  it('counts although it is judged after the press, as long as the press was in time', () => {
    given(opened())
      .when(
        approve(rRoe, { pressedAt: T0 + 30 * MINUTE_MS - 1 }),
        contextAt(T0 + 30 * MINUTE_MS - 1),
      )
      .thenExpect([{ type: 'approval.given' }]);
  });
});

describe('an approval is refused', () => {
  it('when it is judged after the request should have lapsed, though pressed before', () => {
    const pendingUntilAt = T0 + 30 * MINUTE_MS;
    given(opened())
      .when(approve(rRoe, { pressedAt: pendingUntilAt - 1 }), contextAt(pendingUntilAt))
      .thenExpect({ code: 'already-decided', phase: 'lapsed', at: pendingUntilAt });
  });

  it('to the requester, though they are in the group', () => {
    given(opened()).when(approve(jDoe), now).thenExpect('own-request');
  });

  it('to the requester under a second account: it is the same person', () => {
    const accounts = { 'T01/U07': jDoe, 'T02/U31': jDoe };
    given(opened()).when(approve(accounts['T02/U31']), now).thenExpect('own-request');
  });

  it('to the requester even where a policy of their own makes them the only approver', () => {
    const context = contextAt(NOW, { groups: { release: [jDoe] } });
    given(opened()).when(approve(jDoe), context).thenExpect('own-request');
  });

  it('to someone who is in no group that is asked', () => {
    given(opened()).when(approve(aPoe), now).thenExpect('not-an-approver');
    given(opened()).when(approve(dBrown), now).thenExpect('not-an-approver');
  });

  it('to everyone where the group is empty', () => {
    const context = contextAt(NOW, { groups: { release: [] } });
    given(opened()).when(approve(rRoe), context).thenExpect('not-an-approver');
  });

  it.each(['guest', 'deactivated', 'bot', 'foreign', 'unknown'] as const)(
    'to a %s, even one in the group',
    (standing) => {
      given(opened())
        .when(approve(rRoe), contextAt(NOW, { standings: { [rRoe]: standing } }))
        .thenExpect({ code: 'cannot-act', standing });
    },
  );

  it.each(['constructor', '__proto__', 'toString'])('to a person called %s', (name) => {
    given(opened())
      .when(approve(personId(name)), now)
      .thenExpect('cannot-act');
  });

  it('to whoever has approved already', () => {
    given(opened(), approved(rRoe)).when(approve(rRoe), now).thenExpect('already-approved');
  });

  it('where another request was shown, or none can be found', () => {
    given(opened())
      .when(approve(rRoe, { request: digest('b') }), now)
      .thenExpect('other-request');
    given(opened())
      .when(approve(rRoe), contextAt(NOW, {}, { requestDigest: null }))
      .thenExpect('other-request');
  });

  it('when the press came at the deadline, even before the lapse is recorded', () => {
    const pressedAt = T0 + 30 * MINUTE_MS;
    given(opened())
      .when(approve(rRoe, { pressedAt }), contextAt(pressedAt))
      .thenExpect({ code: 'already-decided', phase: 'lapsed', by: null, at: pressedAt });
  });

  it('while nobody can tell who is in the group', () => {
    const refusal = { code: 'look-up-failed', groups: ['release'] } as const;
    given(opened())
      .when(approve(rRoe), contextAt(NOW, { failing: ['release'] }))
      .thenExpect(refusal);
    given(opened())
      .when(approve(rRoe), contextAt(NOW, { lookUpsAgeMs: 30_001 }))
      .thenExpect(refusal);
  });

  it('for a TTL that is neither offered nor asked for', () => {
    given(opened())
      .when(approve(rRoe, { ttlMs: 20 * MINUTE_MS }), now)
      .thenExpect({ code: 'ttl-not-offered', offersMs: [15 * MINUTE_MS, HOUR_MS] });
  });

  it('when it is provisional and the tier requires it attested', () => {
    given(database())
      .when(approve(dBrown, { signing: 'provisional' }), now)
      .thenExpect('attestation-required');
  });

  it('without the step-up that the tier requires', () => {
    given(database())
      .when(approve(dBrown, { steppedUp: false }), now)
      .thenExpect('step-up-required');
  });

  it('of a request that nobody made', () => {
    given().when(approve(rRoe), now).thenExpect('unknown-bypass');
    given(opened())
      .when(approve(rRoe, { bypass: B2 }), now)
      .thenExpect('unknown-bypass');
  });

  it('once the request is decided, and says by whom, when and how', () => {
    const at = T0 + 11 * MINUTE_MS;
    given(opened(), denied(rRoe))
      .when(approve(mMoe), now)
      .thenExpect({ code: 'already-decided', phase: 'denied', by: rRoe, at });
    given(opened(), withdrawn())
      .when(approve(mMoe), now)
      .thenExpect({ code: 'already-decided', phase: 'withdrawn', by: jDoe });
    given(opened(), lapsed())
      .when(approve(mMoe), now)
      .thenExpect({ code: 'already-decided', phase: 'lapsed', by: null });
    given(...active())
      .when(approve(aPoe), now)
      .thenExpect({ code: 'already-decided', phase: 'active', by: mMoe });
    given(...active(), closed())
      .when(approve(aPoe), now)
      .thenExpect({ code: 'already-decided', phase: 'closed' });
  });
});

describe('when the policy changes between request and approval, an approver', () => {
  const toSeniors = policyWithTier('high', { requirements: [{ from: 'db-senior', count: 1 }] });

  it('must be eligible under both: neither those of the old nor those of the new alone', () => {
    given(opened()).when(approve(rRoe), changedTo(toSeniors)).thenExpect('not-an-approver');
    given(opened()).when(approve(dBrown), changedTo(toSeniors)).thenExpect('not-an-approver');
  });

  it('may grant no more than the shorter maximum of both', () => {
    const shorter = policyWithTier('high', { ttlMaxMs: 15 * MINUTE_MS });
    given(opened())
      .when(approve(rRoe), changedTo(shorter))
      .thenExpect({ code: 'ttl-not-offered', offersMs: [15 * MINUTE_MS] });
    given(opened())
      .when(approve(rRoe, { ttlMs: 15 * MINUTE_MS }), changedTo(shorter))
      .thenExpect([{ type: 'approval.given', policy: V2 }]);
  });

  it('must sign as the stricter of both wants', () => {
    const attested = policyWithTier('high', { attestation: 'required' });
    const steppedUp = policyWithTier('high', { stepUp: 'sso' });
    given(opened())
      .when(approve(rRoe, { signing: 'provisional' }), changedTo(attested))
      .thenExpect('attestation-required');
    given(opened())
      .when(approve(rRoe, { steppedUp: false }), changedTo(steppedUp))
      .thenExpect('step-up-required');
  });

  it('faces the strictest tier where the new version no longer knows the gate', () => {
    given(opened())
      .when(approve(aPoe), changedTo(policy({ gates: {} })))
      .thenExpect('not-an-approver');
  });

  it('is not judged by a look-up under one version alone', () => {
    const context = changedTo(examplePolicy);
    const lookUps = context.lookUps.filter((one) => one.policy === V1);
    given(opened())
      .when(approve(rRoe), { ...context, lookUps })
      .thenExpect('look-up-failed');
  });

  it('cannot be judged without the version that the request names', () => {
    const context = contextAt(NOW, { policies: { [V2]: examplePolicy }, current: V2 });
    expect(() => given(opened()).when(approve(rRoe), context)).toThrow(RangeError);
  });
});

describe('after escalation', () => {
  it('those who were added may approve, and not before', () => {
    given(opened()).when(approve(dBrown), now).thenExpect('not-an-approver');
    given(opened(), escalated())
      .when(approve(dBrown), now)
      .thenExpect([{ type: 'approval.given' }]);
  });

  it('as many are needed as before', () => {
    given(opened(), escalated())
      .when(approve(dBrown), now)
      .thenExpect([{ type: 'approval.given' }]);
    given(opened(), escalated(), approved(rRoe))
      .when(approve(dBrown), now)
      .thenExpect([{ type: 'approval.given' }, { type: 'bypass.activated' }]);
  });

  it('those who were added count only if the policy in force adds them too', () => {
    const without = policyWithTier('high', { escalation: [] });
    given(opened(), escalated())
      .when(approve(dBrown), changedTo(without))
      .thenExpect('not-an-approver');
  });
});
