import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { independentReplay } from '#test/support/replay/independent-replay';
import { attempt, historyOf, playBypass } from '#test/support/replay/random-history';
import { recorded, replayCodes } from '#test/support/replay/recorded-log';
import { settings } from '#test/support/property';
import { POLICIES } from '#test/support/replay/tenant-world';

const attempts = fc.array(attempt, { minLength: 20, maxLength: 120 });

describe('histories that the decider made', () => {
  it('are accepted by both replays', () => {
    fc.assert(
      fc.property(attempts, (made) => {
        const log = recorded(historyOf(made).entries);
        expect(replayCodes(log)).toEqual([]);
        expect(independentReplay(log, POLICIES)).toEqual([]);
      }),
      settings({ numRuns: 300 }),
    );
  });

  it('reach every kind of entry of a bypass', () => {
    const reached = new Set<string>();
    for (const made of fc.sample(attempts, { seed: 7, numRuns: 400 })) {
      for (const { event } of historyOf(made).entries) reached.add(event.type);
    }
    expect([...reached].sort()).toEqual([
      'approval.given',
      'bypass.activated',
      'bypass.closed',
      'deploy.adopted',
      'deploy.annotated',
      'deploy.finished',
      'deploy.reverted',
      'gate.read-back',
      'log.started',
      'person.enrolled',
      'policy.applied',
      'post-mortem.completed',
      'post-mortem.opened',
      'provenance.checked',
      'request.denied',
      'request.escalated',
      'request.lapsed',
      'request.opened',
      'request.withdrawn',
    ]);
  });

  it('reach every way in which the facts of a deploy are known', () => {
    const reached = new Set<string>();
    for (const made of fc.sample(attempts, { seed: 7, numRuns: 400 }))
      for (const { event } of historyOf(made).entries)
        if (event.type === 'deploy.annotated') reached.add(event.facts);
    expect([...reached].sort()).toEqual(['claimed', 'observed', 'verified']);
  });

  it('include a bypass that was asked for, approved, used, closed and reviewed', () => {
    const history = historyOf([]);
    playBypass(history);
    expect(history.entries.slice(-9).map(({ event }) => event.type)).toEqual([
      'request.opened',
      'approval.given',
      'approval.given',
      'bypass.activated',
      'deploy.annotated',
      'bypass.closed',
      'deploy.reverted',
      'post-mortem.opened',
      'post-mortem.completed',
    ]);
  });
});
