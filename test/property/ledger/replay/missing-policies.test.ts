import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DigestText } from '#domain/ids';
import { Replay } from '#ledger/replay/replay';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import type { Violation } from '#ledger/replay/violation';
import { settings } from '#test/support/property';
import { attempt, historyOf, playBypass, playExtension } from '#test/support/replay/random-history';
import { recorded } from '#test/support/replay/recorded-log';
import { POLICIES } from '#test/support/replay/tenant-world';

const attempts = fc.array(attempt, { minLength: 20, maxLength: 120 });

/** What the replay finds where the export lacks these versions. */
function replayedWithout(
  log: readonly ReplayedEntry[],
  missing: readonly DigestText[],
): readonly Violation[] {
  const replay = new Replay((digest) => (missing.includes(digest) ? undefined : POLICIES[digest]));
  return [...log.flatMap((entry) => replay.apply(entry)), ...replay.finish()];
}

const applied = (log: readonly ReplayedEntry[]): readonly DigestText[] => [
  ...new Set(log.flatMap(({ event }) => (event.type === 'policy.applied' ? [event.policy] : []))),
];

/** A bypass with all that belongs to it, and an extension of another. */
function played(): readonly ReplayedEntry[] {
  const history = historyOf([]);
  playBypass(history);
  playExtension(history);
  return recorded(history.entries);
}

describe('a policy version that the export lacks', () => {
  it('is told, and accuses nobody in an honest log', () => {
    fc.assert(
      fc.property(attempts, (made) => {
        const log = recorded(historyOf(made).entries);
        const versions = applied(log);
        for (const missing of [...versions.map((one) => [one]), versions]) {
          const codes = new Set(replayedWithout(log, missing).map((one) => one.code));
          expect([...codes]).toEqual(['policy-not-in-export']);
        }
      }),
      settings({ numRuns: 100 }),
    );
  });

  it('is told at each entry that rests on it, by its digest', () => {
    const log = played();
    const [version] = applied(log);
    const at = log.flatMap(({ event }, index) =>
      event.type === 'approval.given' || event.type === 'bypass.activated' ? [index] : [],
    );
    const missing = version === undefined ? [] : [version];
    const replay = new Replay((digest) =>
      missing.includes(digest) ? undefined : POLICIES[digest],
    );
    const found = log.map((entry) => [...replay.apply(entry)]);
    for (const index of at)
      expect(found[index]).toMatchObject([{ code: 'policy-not-in-export', found: version }]);
  });

  it('hides no rule that needs none: who approves their own request is told', () => {
    const log = played();
    const place = log.findIndex(({ event }) => event.type === 'approval.given');
    const cheat = log.map((entry, index) => {
      const { event } = entry;
      if (index !== place || event.type !== 'approval.given') return entry;
      const opened = log.find((one) => one.digest === event.request)?.event;
      if (opened?.type !== 'request.opened') return entry;
      const actor = { kind: 'person', person: opened.requester } as const;
      return { ...entry, event: { ...event, actor, approver: opened.requester } };
    });
    const codes = replayedWithout(cheat, applied(log)).map((one) => one.code);
    expect(codes).toContain('self-approval');
    expect(codes).not.toContain('approver-not-eligible');
  });
});
