import { describe, expect, it } from 'vitest';
import { deadlinesOf } from '#domain/bypass/deadlines';
import { warnAt } from '#domain/bypass/warning';
import type { BypassEvent } from '#domain/bypass/event';
import { DAY_MS, MINUTE_MS } from '#domain/instant';
import { B1, B2 } from '#test/support/domain/commands';
import { T0 } from '#test/support/domain/contexts';
import {
  active,
  closed,
  denied,
  escalated,
  EXPIRES_AT,
  opened,
  postMortemOpened,
} from '#test/support/domain/events';
import { aPoe, rRoe } from '#test/support/domain/people';
import { examplePolicy, policyWithTier } from '#test/support/domain/policies';
import { stateAfter } from '#test/support/domain/specification';

function deadlines(events: readonly BypassEvent[], policy = examplePolicy) {
  const chain = stateAfter(events);
  return chain === null ? [] : deadlinesOf(chain, () => policy);
}

const WARNED_MS = 10 * MINUTE_MS;
const lapse = { kind: 'lapse', bypass: B1, dueAt: T0 + 30 * MINUTE_MS };
const expire = { kind: 'expire', bypass: B1, dueAt: EXPIRES_AT };

describe('time will bring', () => {
  it('to a request that waits its escalation and its lapse', () => {
    const escalate = { kind: 'escalate', bypass: B1, dueAt: T0 + 5 * MINUTE_MS };
    expect(deadlines([opened()])).toEqual([lapse, escalate]);
  });

  it('no escalation twice', () => {
    expect(deadlines([opened(), escalated()])).toEqual([lapse]);
  });

  it('each further step of an escalation', () => {
    const steps = [
      { afterMs: 5 * MINUTE_MS, add: ['db-senior'] },
      { afterMs: 9 * MINUTE_MS, add: ['admins'] },
    ];
    const policy = policyWithTier('high', { escalation: steps });
    const next = { kind: 'escalate', bypass: B1, dueAt: T0 + 9 * MINUTE_MS };
    expect(deadlines([opened(), escalated()], policy)).toEqual([lapse, next]);
  });

  it('to an active bypass a warning and its expiry', () => {
    const warn = { kind: 'warn', bypass: B1, dueAt: EXPIRES_AT - WARNED_MS };
    expect(deadlines(active())).toEqual([warn, expire]);
  });

  it('no warning of a bypass that lasts seconds, and one in good time of a short one', () => {
    const lasting = (lastsMs: number) => {
      const at = EXPIRES_AT - lastsMs;
      return warnAt({ activatedAt: at, expiresAt: EXPIRES_AT });
    };
    expect(lasting(59_999)).toBeNull();
    expect(lasting(MINUTE_MS)).toBe(EXPIRES_AT - 20_000);
    expect(lasting(15 * MINUTE_MS)).toBe(EXPIRES_AT - 5 * MINUTE_MS);
    expect(lasting(240 * MINUTE_MS)).toBe(EXPIRES_AT - WARNED_MS);
  });

  it('to each bypass of a chain its own', () => {
    const extension = opened({ bypass: B2, extends: B1, pendingUntilAt: T0 + 60 * MINUTE_MS });
    expect(deadlines([...active(), extension])).toContainEqual(expire);
    expect(deadlines([...active(), extension])).toContainEqual({
      kind: 'lapse',
      bypass: B2,
      dueAt: T0 + 60 * MINUTE_MS,
    });
  });

  it('nothing to what is decided', () => {
    expect(deadlines([opened(), denied(rRoe)])).toEqual([]);
    expect(deadlines([...active(), closed()])).toEqual([]);
  });

  it('reminders of a post-mortem until it is done', () => {
    const reviewed = [...active(), closed(), postMortemOpened(aPoe)];
    const { dueAt } = postMortemOpened(aPoe);
    const due = [dueAt - DAY_MS, dueAt, dueAt + 2 * DAY_MS];
    expect(deadlines(reviewed)).toEqual(
      due.map((at) => ({ kind: 'remind', bypass: B1, dueAt: at })),
    );
    const done: BypassEvent = {
      ...postMortemOpened(aPoe),
      type: 'post-mortem.completed',
      by: aPoe,
      detached: { outcome: '' },
    };
    expect(deadlines([...reviewed, done])).toEqual([]);
  });

  it('no reminder from before the post-mortem was opened', () => {
    const soon = { ...postMortemOpened(aPoe), dueAt: EXPIRES_AT + DAY_MS };
    const kinds = deadlines([...active(), closed(), soon]).map((one) => one.dueAt);
    expect(kinds).toEqual([EXPIRES_AT + DAY_MS, EXPIRES_AT + 3 * DAY_MS]);
  });
});
