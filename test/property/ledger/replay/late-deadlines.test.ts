import { describe, expect, it } from 'vitest';
import { SERVICE } from '#domain/actor';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import { History } from '#test/support/replay/history';
import { independentReplay } from '#test/support/replay/independent-replay';
import { playLesser } from '#test/support/replay/random-history';
import { recorded, replayCodes } from '#test/support/replay/recorded-log';
import { POLICIES } from '#test/support/replay/tenant-world';

/** What the first replay finds; both must agree on whether anything is wrong. */
function codesOf({ entries }: History): readonly string[] {
  const log = recorded(entries);
  const codes = replayCodes(log);
  expect(independentReplay(log, POLICIES).length > 0).toBe(codes.length > 0);
  return codes;
}

/** Somebody's first act after the outage: an entry that is no deadline's. */
function enrol(history: History, name: string): void {
  const [first] = history.bypasses('active');
  if (first === undefined) throw new RangeError('nothing is active');
  const { requester: person } = first.request;
  const detached = { account: `T1/${name}`, email: `${name}@example.com` };
  const { now: at } = history;
  history.append({
    type: 'person.enrolled',
    at,
    actor: SERVICE,
    person,
    source: 'profile',
    detached,
  });
}

/** Two bypasses are open when every replica dies, and for five hours nobody closes them. */
function outage(): History {
  const history = new History();
  playLesser(history);
  history.now += 5 * HOUR_MS;
  return history;
}

describe('a log whose every replica was down at an expiry', () => {
  it('is accepted as it ends there, and as somebody acts before the close', () => {
    const history = outage();
    expect(codesOf(history)).toEqual([]);
    enrol(history, 'amy-2');
    expect(codesOf(history)).toEqual([]);
    history.now += 2 * MINUTE_MS;
    enrol(history, 'amy-3');
    expect(codesOf(history)).toEqual([]);
  });

  it('is accepted once they are closed, however late', () => {
    const history = outage();
    enrol(history, 'amy-2');
    for (const { request } of history.bypasses('active')) {
      history.now += SECOND_MS;
      history.run({ type: 'expire', bypass: request.id });
    }
    expect(history.bypasses('active')).toEqual([]);
    expect(codesOf(history)).toEqual([]);
  });

  it('is refused when it goes on without the closes', () => {
    const history = outage();
    enrol(history, 'amy-2');
    history.now += 2 * MINUTE_MS + 1;
    enrol(history, 'amy-3');
    expect(codesOf(history)).toEqual(['close-missing', 'close-missing']);
  });

  it('is accepted while it comes late by no more than an hour', () => {
    const history = new History();
    playLesser(history);
    const expiries = history
      .bypasses('active')
      .flatMap((one) => (one.phase === 'active' ? [one.grant.expiresAt] : []));
    const due = Math.min(...expiries);
    for (const minutes of [1, 30, 60]) {
      history.now = due + minutes * MINUTE_MS;
      enrol(history, `amy-${minutes}`);
    }
    expect(codesOf(history)).toEqual([]);
  });
});
