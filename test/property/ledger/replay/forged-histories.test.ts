import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { independentReplay } from '#test/support/replay/independent-replay';
import { MUTATIONS } from '#test/support/replay/mutations';
import { attempt, historyOf, playBypass, tryOne } from '#test/support/replay/random-history';
import { recorded, replayCodes } from '#test/support/replay/recorded-log';
import { settings } from '#test/support/property';
import { POLICIES } from '#test/support/replay/tenant-world';

const attempts = fc.array(attempt, { maxLength: 30 });

describe.each(MUTATIONS)('a history in which $name', ({ mutate, breaks }) => {
  it('is refused by both replays', () => {
    fc.assert(
      fc.property(attempts, attempts, (earlier, later) => {
        const history = historyOf(earlier);
        const bypass = playBypass(history);
        for (const one of later) tryOne(history, one);
        const forged = mutate(recorded(history.entries), bypass);
        expect(replayCodes(forged)).toContain(breaks);
        expect(independentReplay(forged, POLICIES)).not.toEqual([]);
      }),
      settings({ numRuns: 40 }),
    );
  });
});
