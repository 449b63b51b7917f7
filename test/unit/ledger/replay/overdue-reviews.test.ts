import { describe, expect, it } from 'vitest';
import { bypassId, personId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import type { RecordedOf } from '#ledger/recorded-event';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import { History } from '#test/support/replay/history';
import { independentReplay } from '#test/support/replay/independent-replay';
import { meetDeadlines, playBypass } from '#test/support/replay/random-history';
import { recorded, replayed } from '#test/support/replay/recorded-log';
import {
  BLOCKING_POLICY,
  FIRST_POLICY,
  POLICIES,
  RAISING_POLICY,
} from '#test/support/replay/tenant-world';

const [amy, ben] = [personId('amy'), personId('ben')];
const late = bypassId('late');
const STAGING = { service: 'web', environment: 'staging', branch: 'main', artifact: null };

type Opened = RecordedOf<'request.opened'>;

/** A review of `web` that was due long ago, then a request for it under this policy. */
function asked(policy: typeof FIRST_POLICY, drill = false): readonly ReplayedEntry[] {
  const history = new History();
  history.apply(RAISING_POLICY);
  const about = { gate: 'window', severity: null, ttlMs: 15 * MINUTE_MS, incident: null };
  const open = (bypass: typeof late, isDrill: boolean) =>
    history.run({
      type: 'open',
      by: amy,
      scope: STAGING,
      ...about,
      bypass,
      justification: 'down',
      drill: isDrill,
      extends: null,
    });
  reviewOf(history, open);
  history.now += HOUR_MS;
  history.apply(policy);
  history.now += SECOND_MS;
  open(late, drill);
  return recorded(history.entries);
}

/** One that closed and was not reviewed. */
function reviewOf(history: History, open: (bypass: typeof late, drill: boolean) => unknown): void {
  const first = bypassId('first');
  open(first, false);
  history.now += SECOND_MS;
  const ttlMs = 15 * MINUTE_MS;
  const request = history.digestOf(first);
  const press = { request, ttlMs, pressedAt: history.now, signing: 'attested' } as const;
  history.run({ type: 'approve', bypass: first, by: ben, ...press, steppedUp: false });
  history.now += SECOND_MS;
  history.run({ type: 'close', bypass: first, by: amy });
}

const requestOf = (log: readonly ReplayedEntry[]): Opened => {
  const found = log.find(
    ({ event }) => event.type === 'request.opened' && event.bypass === late,
  )?.event;
  if (found?.type !== 'request.opened') throw new RangeError('not asked');
  return found;
};

/** The same log with the request as somebody who holds the keys would have liked it. */
const forged = (log: readonly ReplayedEntry[], to: (event: Opened) => Opened) =>
  log.map((entry) =>
    entry.event.type === 'request.opened' && entry.event.bypass === late
      ? { ...entry, event: to(entry.event) }
      : entry,
  );

const without = (event: Opened): Opened => {
  const { raised: _, ...others } = event;
  return others;
};
const codes = (log: readonly ReplayedEntry[]) => replayed(log).map(({ code }) => code);

describe('a request for a service whose review is overdue', () => {
  const raised = asked(RAISING_POLICY);

  it('asks for the next stricter tier too, and says so', () => {
    expect(requestOf(raised)).toMatchObject({ raised: true, tiers: ['low', 'high'] });
    expect(replayed(raised)).toEqual([]);
    expect(independentReplay(raised, POLICIES)).toEqual([]);
  });

  it.each([
    ['says nothing of it', without, ['raise-wrong']],
    ['keeps its lower tier', (event: Opened) => ({ ...event, tiers: ['low'] }), ['tier-wrong']],
    [
      'does neither',
      (event: Opened) => ({ ...without(event), tiers: ['low'] }),
      ['raise-wrong', 'tier-wrong'],
    ],
  ])('is refused where it %s', (_, to, expected) => {
    const log = forged(raised, to);
    expect(codes(log)).toEqual(expected);
    expect(independentReplay(log, POLICIES)).not.toEqual([]);
  });

  it('is raised by nothing but the policy in force', () => {
    const plain = asked(FIRST_POLICY);
    expect(requestOf(plain)).not.toHaveProperty('raised');
    expect(codes(plain)).toEqual([]);
    const log = forged(plain, (event) => ({ ...event, raised: true, tiers: ['low', 'high'] }));
    expect(codes(log)).toEqual(['raise-wrong', 'tier-wrong']);
    expect(independentReplay(log, POLICIES)).not.toEqual([]);
  });

  it('is none where the policy blocks it', () => {
    expect(() => requestOf(asked(BLOCKING_POLICY))).toThrow('not asked');
    // What blocks and what raises differ in the policy alone.
    const entry = raised.findLast(({ event }) => event.type === 'policy.applied');
    const blocked = asked(BLOCKING_POLICY).findLast(({ event }) => event.type === 'policy.applied');
    if (entry?.event.type !== 'policy.applied' || blocked?.event.type !== 'policy.applied')
      throw new RangeError('no policy');
    const { policy } = blocked.event;
    const log = forged(raised, (event) => ({
      ...without(event),
      policy,
      tiers: ['low'],
      lookUps: event.lookUps.map((one) => ({ ...one, policy })),
    })).map((one) =>
      one.index === entry.index ? { ...one, event: { ...entry.event, policy } } : one,
    );
    expect(codes(log)).toEqual(['review-overdue']);
    expect(independentReplay(log, POLICIES)).not.toEqual([]);
  });

  it('is as ever in a drill', () => {
    expect(requestOf(asked(BLOCKING_POLICY, true))).not.toHaveProperty('raised');
    expect(codes(asked(BLOCKING_POLICY, true))).toEqual([]);
  });
});

it('a review that is done costs nothing', () => {
  const history = new History();
  history.apply(RAISING_POLICY);
  playBypass(history);
  meetDeadlines(history);
  history.now += HOUR_MS;
  playBypass(history);
  meetDeadlines(history);
  const log = recorded(history.entries);
  expect(log.some(({ event }) => event.type === 'request.opened' && event.raised)).toBe(false);
  expect(replayed(log)).toEqual([]);
});
