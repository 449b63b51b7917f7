import { describe, it } from 'vitest';
import { B1, B2, close, complete, deny, expire } from '#test/support/domain/commands';
import { contextAt, T0 } from '#test/support/domain/contexts';
import {
  active as activeEvents,
  activated,
  approved,
  closed,
  denied,
  EXPIRES_AT,
  opened,
  postMortemOpened,
} from '#test/support/domain/events';
import { aPoe, jDoe, mMoe, oAdmin, rRoe } from '#test/support/domain/people';
import { policy, V1 } from '#test/support/domain/policies';
import { given } from '#test/support/domain/specification';

const now = contextAt(EXPIRES_AT);
const active = activeEvents();
const extension = opened({ bypass: B2, extends: B1 });
const isClosed = [...active, closed()];
const reviewed = [...isClosed, postMortemOpened(aPoe)];
const assignedTo = (assignee: string, services = policy().services) =>
  contextAt(EXPIRES_AT, {
    policies: { [V1]: policy({ services, postMortem: { ...policy().postMortem, assignee } }) },
  });

describe('the close of a chain', () => {
  it('opens a post-mortem, due five business days later at the same time of day', () => {
    given(...active)
      .when(expire(), now)
      .thenExpect([
        { type: 'bypass.closed' },
        { type: 'post-mortem.opened', bypass: B1, dueAt: EXPIRES_AT + 7 * 86_400_000 },
      ]);
  });

  it.each([
    ['the first of the group that owns the service', 'service.owner', aPoe],
    ['the requester', 'requester', jDoe],
    ['the first of a group that the policy names', 'release', jDoe],
    ['the requester, where the group is empty or unknown', 'nobody-knows', jDoe],
  ])('gives it to %s', (_, rule, assignee) => {
    given(...active)
      .when(expire(), assignedTo(rule))
      .thenExpect([{ type: 'bypass.closed' }, { type: 'post-mortem.opened', assignee }]);
  });

  it('gives it to the requester where the service is no longer known or the look-up failed', () => {
    given(...active)
      .when(expire(), assignedTo('service.owner', {}))
      .thenExpect([{ type: 'bypass.closed' }, { type: 'post-mortem.opened', assignee: jDoe }]);
    given(...active)
      .when(expire(), contextAt(EXPIRES_AT, { failing: ['payments'] }))
      .thenExpect([{ type: 'bypass.closed' }, { type: 'post-mortem.opened', assignee: jDoe }]);
  });

  it('opens none in a drill', () => {
    const drill = { drill: true };
    given(opened(drill), activated(drill))
      .when(expire(), now)
      .thenExpect([{ type: 'bypass.closed' }]);
  });

  it('opens none where the gate was never open', () => {
    given(opened())
      .when(deny(rRoe), now)
      .thenExpect([{ type: 'request.denied' }]);
  });

  it('waits for an extension that is active', () => {
    const both = [...active, extension, activated({ bypass: B2, expiresAt: EXPIRES_AT + 1 })];
    given(...both)
      .when(expire(), now)
      .thenExpect([{ type: 'bypass.closed' }]);
    given(...both, closed())
      .when(expire(B2), contextAt(EXPIRES_AT + 1))
      .thenExpect([
        { type: 'bypass.closed', bypass: B2 },
        { type: 'post-mortem.opened', bypass: B2 },
      ]);
  });

  it('waits for an extension that waits, and comes with its refusal', () => {
    given(...active, extension)
      .when(expire(), now)
      .thenExpect([{ type: 'bypass.closed' }]);
    given(...active, extension, closed())
      .when(deny(rRoe, B2), now)
      .thenExpect([{ type: 'request.denied' }, { type: 'post-mortem.opened', bypass: B1 }]);
    given(...active, extension, closed())
      .when({ type: 'lapse', bypass: B2 }, now)
      .thenExpect([{ type: 'request.lapsed' }, { type: 'post-mortem.opened' }]);
  });

  it('does not wait for an extension that was refused', () => {
    given(...active, extension, { ...denied(rRoe), bypass: B2 })
      .when(close(jDoe), contextAt(T0 + 1_200_000))
      .thenExpect([{ type: 'bypass.closed' }, { type: 'post-mortem.opened' }]);
  });

  it('opens one only', () => {
    given(...reviewed)
      .when({ type: 'read-back', bypass: B1, enforces: true }, now)
      .thenExpect([{ type: 'gate.read-back' }]);
  });
});

describe('a post-mortem', () => {
  it.each([
    ['its assignee', aPoe],
    ['an admin', oAdmin],
  ])('is completed by %s, in their words apart', (_, by) => {
    given(...reviewed)
      .when(complete(by), now)
      .thenExpect([
        {
          type: 'post-mortem.completed',
          by,
          actor: { kind: 'person', person: by },
          detached: { outcome: 'The rollback image is signed from now on.' },
        },
      ]);
  });

  it('says what was found and how much will change, and both in words apart', () => {
    const followUps = ['Sign rollback images', 'Try one each month'];
    given(...reviewed)
      .when({ ...complete(aPoe), verdict: 'gate-wrong', followUps }, now)
      .thenExpect([
        {
          type: 'post-mortem.completed',
          verdict: 'gate-wrong',
          followUps: 2,
          detached: {
            outcome: 'The rollback image is signed from now on.',
            followUps: 'Sign rollback images\nTry one each month',
          },
        },
      ]);
  });

  it('is completed by nobody else', () => {
    given(...reviewed)
      .when(complete(mMoe), now)
      .thenExpect({ code: 'not-allowed', needs: 'assignee' });
    given(...reviewed)
      .when(complete(jDoe), now)
      .thenExpect('not-allowed');
  });

  it('is not completed by an assignee or admin who may only look on', () => {
    given(...reviewed)
      .when(complete(aPoe), contextAt(EXPIRES_AT, { standings: { [aPoe]: 'deactivated' } }))
      .thenExpect({ code: 'cannot-act', standing: 'deactivated' });
    given(...reviewed)
      .when(complete(oAdmin), contextAt(EXPIRES_AT, { standings: { [oAdmin]: 'foreign' } }))
      .thenExpect({ code: 'cannot-act', standing: 'foreign' });
  });

  it('is not completed while nobody can tell who is an admin', () => {
    given(...reviewed)
      .when(complete(oAdmin), contextAt(EXPIRES_AT, { failing: ['admins'] }))
      .thenExpect({ code: 'look-up-failed', groups: ['admins'] });
  });

  it('is completed once', () => {
    const done = given(...reviewed)
      .when(complete(aPoe), now)
      .history();
    given(...done)
      .when(complete(aPoe), now)
      .thenExpect('nothing-changed');
  });

  it('is not there before the close', () => {
    given(...active)
      .when(complete(jDoe), now)
      .thenExpect({ code: 'not-active', phase: 'no-post-mortem' });
    given(opened(), approved(rRoe)).when(complete(jDoe), now).thenExpect('not-active');
  });
});
