import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { independentReplay } from '#test/support/replay/independent-replay';
import { MUTATIONS } from '#test/support/replay/mutations';
import { attempt, historyOf, meetDeadlines, tryOne } from '#test/support/replay/random-history';
import { recorded, replayed } from '#test/support/replay/recorded-log';
import { check } from '#test/support/property';
import { POLICIES } from '#test/support/replay/tenant-world';

const attempts = fc.array(attempt, { maxLength: 30 });

describe.each(MUTATIONS)('a history in which $name', ({ play, needs, mutate, breaks, found }) => {
  it('is refused by both replays, and for nothing else before it', () => {
    check(
      fc.property(attempts, attempts, (earlier, later) => {
        const history = historyOf(earlier);
        const bypass = play(history);
        for (const one of later) tryOne(history, one);
        meetDeadlines(history);
        const log = recorded(history.entries);
        fc.pre(needs?.(log, bypass) ?? true);
        const forged = mutate(log, bypass);
        expect(replayed(forged)[0]).toEqual({ code: breaks, index: found(forged, bypass) });
        expect(independentReplay(forged, POLICIES)).not.toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});
