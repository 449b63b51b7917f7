import { readStatement } from '#ledger/read-statement';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import { Replay } from '#ledger/replay/replay';
import type { ViolationCode } from '#ledger/replay/violation';
import type { UnsignedEntry } from './test-log.ts';
import { POLICIES } from './tenant-world.ts';

/** Entries as a verifier reads them back from their statements. */
export function recorded(entries: readonly UnsignedEntry[]): readonly ReplayedEntry[] {
  return entries.map(({ statement, digest, followsFrom }, index) => {
    const read = readStatement(statement);
    if (!read.ok) throw new RangeError(`${read.code} at ${read.path}`);
    return { index, digest, followsFrom, event: read.value.event };
  });
}

/** A rule that is broken, and at which entry. */
export interface Broken {
  readonly index: number;
  readonly code: ViolationCode;
}

/** All rules that the log breaks, in the order in which they are found. */
export function replayed(log: readonly ReplayedEntry[]): readonly Broken[] {
  const replay = new Replay((digest) => POLICIES[digest]);
  const broken = log.flatMap((entry) =>
    replay.apply(entry).map(({ code }) => ({ index: entry.index, code })),
  );
  const owed = replay.finish().map(({ code, index = log.length }) => ({ index, code }));
  return [...broken, ...owed];
}

/** The codes of all rules that the log breaks. */
export const replayCodes = (log: readonly ReplayedEntry[]): readonly string[] =>
  replayed(log).map((one) => one.code);
