import { expect, it } from 'vitest';
import { digestOf } from '#ledger/digest';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import { independentReplay } from '#test/support/replay/independent-replay';
import { History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import { recorded, replayed } from '#test/support/replay/recorded-log';
import { POLICIES } from '#test/support/replay/tenant-world';

const history = new History();
playBypass(history);
const log = recorded(history.entries);

/** The log with what its review says of follow-ups in place of what it said. */
const saying = (followUps: number | undefined, isTold: boolean): readonly ReplayedEntry[] =>
  log.map((entry) => {
    if (entry.event.type !== 'post-mortem.completed') return entry;
    const { followUps: _, detached, ...event } = entry.event;
    const { followUps: __, ...others } = detached;
    return {
      ...entry,
      event: {
        ...event,
        ...(followUps === undefined ? {} : { followUps }),
        detached: isTold ? { ...others, followUps: digestOf('sign it sooner') } : others,
      },
    };
  });

it.each([
  [undefined, false],
  [1, true],
  [10, true],
])('a review with %s follow-ups, and a text of them: %s, is sound', (many, isTold) => {
  expect(replayed(saying(many, isTold))).toEqual([]);
});

it.each([
  [2, false],
  [0, false],
  [0, true],
  [undefined, true],
])('a review with %s follow-ups, and a text of them: %s, is not', (many, isTold) => {
  const forged = saying(many, isTold);
  expect(replayed(forged).map(({ code }) => code)).toEqual(['post-mortem-wrong']);
  expect(independentReplay(forged, POLICIES)).toEqual([expect.stringContaining('follow-ups')]);
});
