import { describe, expect, it } from 'vitest';
import type { LookUp } from '#domain/policy/look-up';
import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import { isFreshSignIn, SIGN_IN_MAX_MS, SIGN_IN_SKEW_MS } from '#domain/sign-in';
import type { PersonId } from '#domain/ids';
import { approve, B1 } from '#test/support/domain/commands';
import { contextAt, T0 } from '#test/support/domain/contexts';
import { approved, escalated, opened } from '#test/support/domain/events';
import { dBrown, mMoe, rRoe } from '#test/support/domain/people';
import { examplePolicy, policyWithTier, V1, V2 } from '#test/support/domain/policies';
import { given } from '#test/support/domain/specification';

const PRESSED_AT = T0 + MINUTE_MS;
/** The sign-in took five minutes. */
const NOW = PRESSED_AT + 5 * MINUTE_MS;
const now = contextAt(NOW);

const member = (person = rRoe, group = 'release'): LookUp => ({
  policy: V1,
  group,
  lookedUpAt: PRESSED_AT - 15 * SECOND_MS,
  outcome: 'members',
  members: [person],
});
const signed = (lookUps: readonly LookUp[] = [member()], by = rRoe) =>
  approve(by, { pressedAt: PRESSED_AT, stated: { lookUps } });

describe('an approval that was stated before its approver signed in', () => {
  it('says to the letter what was stated, however old it has become', () => {
    given(opened())
      .when(signed(), now)
      .thenExpect([{ type: 'approval.given', at: PRESSED_AT, lookUps: [member()] }]);
  });

  it('opens the gate by look-ups of now, from now', () => {
    const [, activation] = given(opened(), approved(mMoe)).when(signed(), now).events();
    expect(activation).toMatchObject({ type: 'bypass.activated', at: NOW });
    if (activation?.type === 'bypass.activated')
      for (const one of activation.lookUps) expect(one.lookedUpAt).toBe(NOW);
  });

  it('counts for nothing once its approver has left the group', () => {
    const left = contextAt(NOW, { groups: { release: [mMoe] } });
    given(opened()).when(signed(), left).thenExpect('not-an-approver');
  });

  it('counts for nothing once its approver may only look on', () => {
    const guest = contextAt(NOW, { standings: { [rRoe]: 'guest' } });
    given(opened()).when(signed(), guest).thenExpect('cannot-act');
  });

  it('does not hold by what was not stated', () => {
    given(opened()).when(signed([]), now).thenExpect('statement-moved');
    given(opened())
      .when(signed([member(mMoe)]), now)
      .thenExpect('statement-moved');
  });

  it('does not hold under a policy that came into force since', () => {
    const changed = contextAt(NOW, {
      policies: { [V1]: examplePolicy, [V2]: policyWithTier('high', { inFlight: 'hold' }) },
      current: V2,
    });
    given(opened()).when(signed(), changed).thenExpect('statement-moved');
  });

  it('stands where more people were asked meanwhile', () => {
    given(opened(), escalated())
      .when(signed(), now)
      .thenExpect([{ type: 'approval.given' }]);
    given(opened(), escalated())
      .when(signed([member(dBrown, 'db-senior')], dBrown), now)
      .thenExpect([{ type: 'approval.given' }]);
  });

  it('waits ten minutes for its sign-in and no longer', () => {
    const at = (ms: number) => contextAt(PRESSED_AT + ms);
    given(opened())
      .when(signed(), at(SIGN_IN_MAX_MS))
      .thenExpect([{ type: 'approval.given' }]);
    given(opened())
      .when(signed(), at(SIGN_IN_MAX_MS + 1))
      .thenExpect('sign-in-late');
  });

  it('does not outlive the request', () => {
    const brief = opened({ pendingUntilAt: PRESSED_AT + 2 * MINUTE_MS });
    given(brief).when(signed(), now).thenExpect({ code: 'already-decided', phase: 'lapsed' });
  });

  it('is not recorded where a clock went back behind it', () => {
    const early = contextAt(PRESSED_AT - MINUTE_MS);
    given(opened()).when(signed(), early).thenExpect('statement-moved');
  });
});

describe('where the workspace cannot be asked, a sign-in vouches for a person', () => {
  const vouchedFor = (people: Readonly<Record<PersonId, number>>, at = NOW) =>
    contextAt(at, {}, { vouched: people });
  const minutesAgo = (minutes: number) => NOW - minutes * MINUTE_MS;

  it('and the entry says so', () => {
    const vouched = [{ person: rRoe, signedInAt: PRESSED_AT }];
    const steppedUp = approve(rRoe, { pressedAt: PRESSED_AT, steppedUp: true });
    // A sign-in after the press is told as no later than it.
    given(opened())
      .when(steppedUp, vouchedFor({ [rRoe]: minutesAgo(1) }))
      .thenExpect([{ type: 'approval.given', vouched }]);
  });

  it('for the approvals of others too, when the gate opens', () => {
    const steppedUp = approve(rRoe, { pressedAt: PRESSED_AT, steppedUp: true });
    const both = { [rRoe]: minutesAgo(4), [mMoe]: minutesAgo(9) };
    const [given1, activated] = given(opened(), approved(mMoe))
      .when(steppedUp, vouchedFor(both))
      .events();
    expect(given1).toMatchObject({ vouched: [{ person: rRoe }] });
    expect(activated).toMatchObject({
      vouched: [
        { person: mMoe, signedInAt: minutesAgo(9) },
        { person: rRoe, signedInAt: minutesAgo(4) },
      ],
    });
  });

  it('whose approval is signed on a sign-in, whatever the tier asks', () => {
    const plain = approve(rRoe, { pressedAt: PRESSED_AT, steppedUp: false });
    given(opened())
      .when(plain, vouchedFor({ [rRoe]: minutesAgo(1) }))
      .thenExpect('step-up-required');
  });

  it('for ten minutes and no longer, whoever of those who approved it is', () => {
    const steppedUp = approve(rRoe, { pressedAt: PRESSED_AT, steppedUp: true });
    given(opened(), approved(mMoe))
      .when(steppedUp, vouchedFor({ [mMoe]: NOW - SIGN_IN_MAX_MS }))
      .thenExpect([{ type: 'approval.given' }, { type: 'bypass.activated' }]);
    given(opened(), approved(mMoe))
      .when(steppedUp, vouchedFor({ [mMoe]: NOW - SIGN_IN_MAX_MS - 1 }))
      .thenExpect('look-up-failed');
  });

  it('who denies', () => {
    const deny = { type: 'deny', bypass: B1, by: rRoe, reason: 'no' } as const;
    given(opened())
      .when(deny, vouchedFor({ [rRoe]: minutesAgo(1) }))
      .thenExpect([
        { type: 'request.denied', vouched: [{ person: rRoe, signedInAt: minutesAgo(1) }] },
      ]);
    given(opened())
      .when(deny, vouchedFor({ [rRoe]: minutesAgo(11) }))
      .thenExpect('look-up-failed');
  });
});

describe('a sign-in is fresh', () => {
  const fresh = (authenticated: number | null, issued: number) =>
    isFreshSignIn(
      authenticated === null ? null : PRESSED_AT + authenticated,
      PRESSED_AT + issued,
      PRESSED_AT,
    );

  it('if it came after the press, give or take the clocks', () => {
    expect(fresh(MINUTE_MS, MINUTE_MS)).toBe(true);
    expect(fresh(-SIGN_IN_SKEW_MS, 0)).toBe(true);
    expect(fresh(-SIGN_IN_SKEW_MS - 1, 0)).toBe(false);
  });

  it('if its token was issued then, and no later than an approval may wait', () => {
    expect(fresh(2 * MINUTE_MS + SIGN_IN_SKEW_MS + 1, 2 * MINUTE_MS)).toBe(false);
    expect(fresh(0, SIGN_IN_MAX_MS + SIGN_IN_SKEW_MS)).toBe(true);
    expect(fresh(0, SIGN_IN_MAX_MS + SIGN_IN_SKEW_MS + 1)).toBe(false);
  });

  it('not if the provider does not say when', () => {
    expect(fresh(null, 0)).toBe(false);
  });
});
