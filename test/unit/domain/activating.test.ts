import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { approve, scope } from '#test/support/domain/commands';
import { contextAt, T0, type World } from '#test/support/domain/contexts';
import { approved, opened } from '#test/support/domain/events';
import { dBrown, mMoe, nobody, rRoe } from '#test/support/domain/people';
import { examplePolicy, policyWithTier, V1, V2 } from '#test/support/domain/policies';
import { given } from '#test/support/domain/specification';

const NOW = T0 + 2 * MINUTE_MS;
const now = contextAt(NOW);
const only = [{ type: 'approval.given' }] as const;
const both = [{ type: 'approval.given' }, { type: 'bypass.activated' }] as const;
const changedTo = (to: typeof examplePolicy, world: World = {}) =>
  contextAt(NOW, { ...world, policies: { [V1]: examplePolicy, [V2]: to }, current: V2 });

const second = (world: World = {}) =>
  given(opened(), approved(rRoe)).when(approve(mMoe), contextAt(NOW, world));

describe('the gate opens', () => {
  it('with the second of two, for the TTL granted, from the commit on', () => {
    second().thenExpect([
      { type: 'approval.given', approver: mMoe },
      {
        type: 'bypass.activated',
        at: NOW,
        actor: { kind: 'service' },
        ttlMs: HOUR_MS,
        expiresAt: NOW + HOUR_MS,
        policy: V1,
        inFlight: 'cancel',
      },
    ]);
  });

  it('and the entry names who stood for what', () => {
    const [, activation] = second().events();
    const people = activation?.type === 'bypass.activated' ? activation.assigned : [];
    expect(people.map((one) => one.from)).toEqual(['release', 'release']);
    expect(new Set(people.map((one) => one.person))).toEqual(new Set([rRoe, mMoe]));
  });

  it('with one approval where one is asked', () => {
    const staging = opened({ scope: scope({ environment: 'staging' }) });
    given(staging).when(approve(rRoe), now).thenExpect(both);
  });

  it('for the shortest TTL granted, whoever granted it', () => {
    const quarter = { ttlMs: 15 * MINUTE_MS };
    given(opened(), approved(rRoe, quarter))
      .when(approve(mMoe), now)
      .thenExpect([{ type: 'approval.given' }, { type: 'bypass.activated', ...quarter }]);
    given(opened(), approved(rRoe))
      .when(approve(mMoe, quarter), now)
      .thenExpect([{ type: 'approval.given' }, { type: 'bypass.activated', ...quarter }]);
  });

  it('for the shortest TTL granted, even by someone who no longer counts: no entry says who left', () => {
    const quarter = { ttlMs: 15 * MINUTE_MS };
    given(opened(), approved(dBrown, quarter), approved(rRoe))
      .when(approve(mMoe), contextAt(NOW, { standings: { [dBrown]: 'deactivated' } }))
      .thenExpect([{ type: 'approval.given' }, { type: 'bypass.activated', ...quarter }]);
  });

  it('with the time that was waited eating no TTL', () => {
    const late = T0 + 29 * MINUTE_MS;
    given(opened(), approved(rRoe))
      .when(approve(mMoe, { pressedAt: late }), contextAt(late))
      .thenExpect([
        { type: 'approval.given' },
        { type: 'bypass.activated', expiresAt: late + HOUR_MS },
      ]);
  });

  it('never for longer than the cap of a chain, even the first time', () => {
    const policies = { [V1]: policyWithTier('high', { chainMaxMs: 30 * MINUTE_MS }) };
    second({ policies }).thenExpect([
      { type: 'approval.given' },
      { type: 'bypass.activated', expiresAt: NOW + 30 * MINUTE_MS },
    ]);
  });

  it('only when every tier that applies has its people', () => {
    const database = opened({ scope: scope({ service: 'ledger-db' }) });
    given(database, approved(rRoe)).when(approve(mMoe), now).thenExpect(only);
    given(database, approved(rRoe), approved(mMoe)).when(approve(dBrown), now).thenExpect(both);
  });

  it('with what happens to deploys in flight the stricter of both policy versions', () => {
    const held = policyWithTier('high', { inFlight: 'hold' });
    given(opened(), approved(rRoe))
      .when(approve(mMoe), changedTo(held))
      .thenExpect([{ type: 'approval.given' }, { type: 'bypass.activated', inFlight: 'cancel' }]);
  });

  it('and the entry names the look-ups relied on, cut down to the approvers', () => {
    const [, activation] = second().events();
    expect(activation).toMatchObject({
      lookUps: [{ group: 'release', outcome: 'members', members: [rRoe, mMoe] }],
    });
  });
});

describe('at quorum all approvals are judged again, so the gate stays shut', () => {
  it('when the first approver has left the group', () => {
    second({ groups: { release: [mMoe] } }).thenExpect(only);
  });

  it.each(['guest', 'deactivated', 'bot', 'foreign', 'unknown'] as const)(
    'when the first approver is by now a %s',
    (standing) => {
      second({ standings: { [rRoe]: standing } }).thenExpect(only);
    },
  );

  it('when the policy in force asks for more people', () => {
    const three = policyWithTier('high', { requirements: [{ from: 'release', count: 3 }] });
    given(opened(), approved(rRoe)).when(approve(mMoe), changedTo(three)).thenExpect(only);
  });

  it('when the policy in force asks for fewer, for the request was made under more', () => {
    const one = policyWithTier('high', { requirements: [{ from: 'release', count: 1 }] });
    given(opened()).when(approve(mMoe), changedTo(one)).thenExpect(only);
  });

  it('when an earlier approval is only provisional and the policy in force requires attested ones', () => {
    const attested = policyWithTier('high', { attestation: 'required' });
    given(opened(), approved(rRoe, { signing: 'provisional' }))
      .when(approve(mMoe), changedTo(attested))
      .thenExpect(only);
    given(opened(), approved(rRoe)).when(approve(mMoe), changedTo(attested)).thenExpect(both);
  });

  it('when one person would have to stand for two requirements', () => {
    const seniorIsRelease = { groups: { release: [rRoe, dBrown], 'db-senior': [dBrown] } };
    const database = opened({ scope: scope({ service: 'ledger-db' }) });
    given(database, approved(rRoe))
      .when(approve(dBrown), contextAt(NOW, seniorIsRelease))
      .thenExpect(only);
  });

  it('and a person who never counted adds nothing', () => {
    given(opened(), approved(nobody)).when(approve(mMoe), now).thenExpect(only);
  });
});

describe('a press that would complete the quorum', () => {
  it('is refused, to be tried again, while nobody can tell whether the others still count', () => {
    const database = opened({ scope: scope({ service: 'ledger-db' }) });
    given(database, approved(rRoe), approved(mMoe))
      .when(approve(dBrown), contextAt(NOW, { failing: ['release'] }))
      .thenExpect('look-up-failed');
  });

  it('is taken where people are missing anyway, whatever cannot be looked up', () => {
    const database = opened({ scope: scope({ service: 'ledger-db' }) });
    given(database, approved(rRoe))
      .when(approve(dBrown), contextAt(NOW, { failing: ['release'] }))
      .thenExpect(only);
  });
});
