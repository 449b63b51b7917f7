import { describe, expect, it } from 'vitest';
import { extensionOffers } from '#domain/bypass/extension';
import { bypassId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { approve, B1, B2, close, extend, revoke, scope } from '#test/support/domain/commands';
import { contextAt, T0 } from '#test/support/domain/contexts';
import {
  active,
  ACTIVATED_AT,
  activated,
  approved,
  closed,
  denied,
  EXPIRES_AT,
  opened,
} from '#test/support/domain/events';
import { jDoe, mMoe, rRoe } from '#test/support/domain/people';
import {
  examplePolicy,
  high,
  low,
  policy,
  productionDatabase,
  V1,
} from '#test/support/domain/policies';
import { given, stateAfter } from '#test/support/domain/specification';

const NOW = T0 + 50 * MINUTE_MS;
const now = contextAt(NOW);
const extension = opened({
  bypass: B2,
  extends: B1,
  at: NOW,
  pendingUntilAt: NOW + 30 * MINUTE_MS,
});
const approveIt = (by: typeof rRoe, has = {}) =>
  approve(by, { bypass: B2, pressedAt: NOW, ...has });
const capped = {
  policies: {
    [V1]: policy({ tiers: [low, { ...high, chainMaxMs: 90 * MINUTE_MS }, productionDatabase] }),
  },
};

describe('an extension', () => {
  it('is a new request in the chain of the bypass it names', () => {
    given(...active())
      .when(extend(), now)
      .thenExpect([{ type: 'request.opened', bypass: B2, extends: B1, tiers: ['high'], at: NOW }]);
  });

  it('is approved anew: those who approved the first count once more, the requester never', () => {
    const history = [...active(), extension];
    given(...history)
      .when(approveIt(jDoe), now)
      .thenExpect('own-request');
    given(...history)
      .when(approveIt(rRoe), now)
      .thenExpect([{ type: 'approval.given' }]);
    given(...history, approved(rRoe, { bypass: B2 }))
      .when(approveIt(mMoe), now)
      .thenExpect([
        { type: 'approval.given' },
        { type: 'bypass.activated', bypass: B2, expiresAt: NOW + HOUR_MS },
      ]);
  });

  it('runs by itself: the first closes when it was to close', () => {
    const both = [
      ...active(),
      extension,
      activated({ bypass: B2, at: NOW, expiresAt: NOW + HOUR_MS }),
    ];
    given(...both)
      .when({ type: 'expire', bypass: B1 }, contextAt(EXPIRES_AT))
      .thenExpect([{ type: 'bypass.closed', bypass: B1 }]);
    given(...both)
      .when({ type: 'expire', bypass: B2 }, contextAt(EXPIRES_AT))
      .thenExpect('not-due');
  });

  it('ends at the cap of the chain, which runs from the first activation', () => {
    const context = contextAt(NOW, capped);
    given(...active(), extension, approved(rRoe, { bypass: B2 }))
      .when(approveIt(mMoe), context)
      .thenExpect([
        { type: 'approval.given' },
        { type: 'bypass.activated', expiresAt: ACTIVATED_AT + 90 * MINUTE_MS },
      ]);
  });

  it('of an extension ends at the same cap: it runs from the first activation, not from the last', () => {
    const b3 = bypassId('b3');
    const again = activated({ bypass: B2, at: NOW, expiresAt: ACTIVATED_AT + 80 * MINUTE_MS });
    const third = opened({ bypass: b3, extends: B2, at: NOW, pendingUntilAt: NOW + HOUR_MS });
    given(...active(), extension, again, third, approved(rRoe, { bypass: b3 }))
      .when(approve(mMoe, { bypass: b3, pressedAt: NOW }), contextAt(NOW, capped))
      .thenExpect([
        { type: 'approval.given' },
        { type: 'bypass.activated', expiresAt: ACTIVATED_AT + 90 * MINUTE_MS },
      ]);
  });

  it('is refused when the bypass already lasts as long as its chain may', () => {
    const capAt = ACTIVATED_AT + 90 * MINUTE_MS;
    given(...active({ expiresAt: capAt }))
      .when(extend(), contextAt(NOW, capped))
      .thenExpect({ code: 'chain-cap-reached', capAt });
  });

  it('is not activated when the cap has passed while it waited', () => {
    const late = ACTIVATED_AT + 90 * MINUTE_MS;
    const patient = { ...extension, pendingUntilAt: late + HOUR_MS };
    given(...active(), patient, approved(rRoe, { bypass: B2 }))
      .when(approveIt(mMoe, { pressedAt: late }), contextAt(late, capped))
      .thenExpect({ code: 'chain-cap-reached', capAt: late });
  });

  it('cannot leave out the severity that raised the tier of what it extends', () => {
    const raised = opened({ scope: scope({ environment: 'staging' }), severity: 'sev1' });
    const history = [raised, approved(rRoe), approved(mMoe), activated()];
    const staging = { scope: scope({ environment: 'staging' }) };
    given(...history)
      .when(extend({ ...staging, severity: 'sev1' }), now)
      .thenExpect([{ type: 'request.opened' }]);
    given(...history)
      .when(extend({ ...staging, severity: null }), now)
      .thenExpect('not-extendable');
  });

  it('waits one at a time', () => {
    given(...active(), extension)
      .when(extend({ bypass: bypassId('b3') }), now)
      .thenExpect({ code: 'not-extendable', phase: 'waiting' });
  });

  it('can be asked for again after a denial', () => {
    given(...active(), extension, { ...denied(rRoe), bypass: B2 })
      .when(extend({ bypass: bypassId('b3') }), now)
      .thenExpect([{ type: 'request.opened' }]);
  });

  it('pressed twice is one, even when it was denied meanwhile', () => {
    given(...active(), extension)
      .when(extend(), now)
      .thenExpect('nothing-changed');
    given(...active(), extension, { ...denied(rRoe), bypass: B2 })
      .when(extend(), now)
      .thenExpect('nothing-changed');
  });

  it.each([
    ['gate', { gate: 'deploy-window' }],
    ['service', { scope: scope({ service: 'ledger-db' }) }],
    ['branch', { scope: scope({ branch: 'main' }) }],
    ['artifact', { scope: scope({ artifact: 'sha256:9f2c' }) }],
  ])('of another %s is refused', (_, has) => {
    given(...active())
      .when(extend({ ...has, ttlMs: 15 * MINUTE_MS }), now)
      .thenExpect({ code: 'not-extendable', phase: 'other-scope' });
  });

  it('of a bypass cannot be a drill', () => {
    given(...active())
      .when(extend({ drill: true }), now)
      .thenExpect('not-extendable');
  });

  it('of nothing, or of something unknown, is refused', () => {
    given().when(extend(), now).thenExpect('unknown-bypass');
    given(...active())
      .when(extend({ extends: bypassId('b9') }), now)
      .thenExpect('unknown-bypass');
  });

  it('of a request that waits, was refused, or is closed is refused', () => {
    given(opened()).when(extend(), now).thenExpect('not-extendable');
    given(opened(), denied(rRoe))
      .when(extend(), now)
      .thenExpect({ code: 'not-extendable', phase: 'denied' });
    given(...active(), closed())
      .when(extend(), now)
      .thenExpect({ code: 'not-extendable', phase: 'closed' });
  });

  it('of a bypass that has expired is refused, even before its close is recorded', () => {
    given(...active())
      .when(extend(), contextAt(EXPIRES_AT))
      .thenExpect('not-extendable');
  });

  it('that waits is not approved any more once the first was revoked: stop now means stop', () => {
    const revoked = given(...active(), extension)
      .when(revoke(rRoe), now)
      .events();
    given(...active(), extension, ...revoked, approved(rRoe, { bypass: B2 }))
      .when(approveIt(mMoe), now)
      .thenExpect({ code: 'already-decided', phase: 'closed', by: rRoe });
  });

  it('that waits can still be approved when the first was closed because the fix is out', () => {
    const ended = given(...active(), extension)
      .when(close(jDoe), now)
      .events();
    given(...active(), extension, ...ended, approved(rRoe, { bypass: B2 }))
      .when(approveIt(mMoe), now)
      .thenExpect([{ type: 'approval.given' }, { type: 'bypass.activated' }]);
  });

  it('is judged as any request: by who may ask, and how many wait', () => {
    given(...active())
      .when(extend(), contextAt(NOW, { groups: { engineers: [] } }))
      .thenExpect('not-a-requester');
    given(...active())
      .when(extend(), contextAt(NOW, { policies: { [V1]: examplePolicy } }, { waiting: 3 }))
      .thenExpect('too-many-waiting');
  });
});

describe('the form of an extension offers', () => {
  const offers = (
    history: Parameters<typeof stateAfter>[0],
    chainMaxMs = 8 * HOUR_MS,
    at = NOW,
  ) => {
    const own = policy({ tiers: [low, { ...high, chainMaxMs }, productionDatabase] });
    return extensionOffers(stateAfter(history), B1, own, at);
  };

  it('what the tier offers, as far as the chain may stay open', () => {
    expect(offers(active())).toEqual([15 * MINUTE_MS, HOUR_MS]);
    expect(offers(active(), 90 * MINUTE_MS)).toEqual([15 * MINUTE_MS]);
  });

  it('the shortest where the chain has less left than any: it ends with its chain', () => {
    const at = EXPIRES_AT - MINUTE_MS;
    const chainMaxMs = EXPIRES_AT - ACTIVATED_AT + 5 * MINUTE_MS;
    expect(offers(active(), chainMaxMs, at)).toEqual([15 * MINUTE_MS]);
    given(...active())
      .when(extend({ ttlMs: 15 * MINUTE_MS }), contextAt(at))
      .thenExpect([{ type: 'request.opened' }]);
  });

  it('nothing where none can be asked for, and says why', () => {
    expect(offers(active(), HOUR_MS)).toMatchObject({ code: 'chain-cap-reached' });
    expect(offers([...active(), extension])).toMatchObject({ code: 'not-extendable' });
    expect(offers(active(), 8 * HOUR_MS, EXPIRES_AT)).toMatchObject({ code: 'not-extendable' });
    expect(offers([opened()])).toMatchObject({ code: 'not-extendable', phase: 'waiting' });
    expect(offers([])).toMatchObject({ code: 'unknown-bypass' });
  });
});
